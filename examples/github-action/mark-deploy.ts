// The script of deploy.yml: annotates all charts with the deployed commit.
import { createClient } from 'typehog'

const { GITHUB_SHA: commit, GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server } = process.env
if (commit === undefined) throw new Error('GITHUB_SHA is not set. Run this in a workflow.')

// Pull requests from forks get no secrets, so there is no client.
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
