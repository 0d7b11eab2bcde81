/**
 * Features that need Node.js: the credentials of the `posthog-cli` command.
 *
 * @module typehog/node
 */

export { type CliCredentials, type CliCredentialsOptions, cliCredentials } from './node/cli-credentials.ts'
