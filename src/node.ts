/**
 * What needs Node: the credentials that the `posthog-cli` command left on this machine.
 *
 * @module typehog/node
 */

export { type CliCredentials, type CliCredentialsOptions, cliCredentials } from './node/cli-credentials.ts'
