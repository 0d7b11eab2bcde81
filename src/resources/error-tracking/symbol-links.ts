import { type AskCall, readCall } from '../calls.ts'
import type { Resource } from '../verbs.ts'

const path = '/api/projects/{project_id}/error_tracking/git-provider-file-links/'

/** Links from a stack frame to the line of code in its repository. */
export interface ErrorTrackingSymbolLinks {
  /**
   * Where a line of code is on GitHub.
   *
   * @example const { url } = await posthog.errorTracking.symbolLinks.github({ owner, repository, file_name, code_sample })
   */
  github: AskCall<`GET ${typeof path}resolve_github/`>
  /** Where a line of code is on GitLab. */
  gitlab: AskCall<`GET ${typeof path}resolve_gitlab/`>
}

/** Binds symbol links to a client. */
export const createErrorTrackingSymbolLinks: Resource<ErrorTrackingSymbolLinks> = (api) => ({
  github: readCall(api, `GET ${path}resolve_github/`),
  gitlab: readCall(api, `GET ${path}resolve_gitlab/`),
})
