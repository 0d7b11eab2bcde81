export { type CliCredentials, type CliCredentialsOptions, cliCredentials } from './node/cli-credentials.ts'
