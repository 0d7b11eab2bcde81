// The script of deploy.yml: notes the commit that was deployed on the time axis of all charts.
import { createClient } from 'typehog'

const { GITHUB_SHA: commit, GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server } = process.env
if (commit === undefined) throw new Error('GITHUB_SHA is not set: this runs in a workflow.')

// Secrets are empty in pull requests of forks: no client then, and nothing to do.
const posthog = createClient.optional()
if (posthog === undefined) console.log('No key: nothing was marked.')
else {
  const version = commit.slice(0, 7)
  const { id } = await posthog.annotations.markDeploy({
    version,
    url: `${server}/${repository}/commit/${commit}`,
  })
  console.log(`Marked ${version} by annotation ${id}.`)
}
