/** What `typehog --help` says below the commands. */
export const helpText = `
Keys come from the environment only, so that they do not end up in the shell's history:
  POSTHOG_PERSONAL_API_KEY        personal API key (phx_) with the scope endpoint:read, or
                                  query:read for \`query\`
  POSTHOG_PROJECT_SECRET_API_KEY  project secret API key (phs_): enough for \`endpoints run\`
  POSTHOG_PROJECT_ID              number of the project, unless --project
  POSTHOG_HOST                    address of PostHog, unless --host. Default: https://us.posthog.com
The variables of PostHog's own CLI are read as well: POSTHOG_CLI_API_KEY, _PROJECT_ID, _HOST.
NO_COLOR switches colours off.

Exit codes:
  0    done; a check found nothing that breaks
  1    a check found something that breaks
  2    wrong command line, file or configuration
  3    PostHog refused, failed or could not be reached
  130  interrupted
`
