// Loaded when the first thing goes wrong: most programs go without for most of their life.

export { refusalIn } from '../limits/refusal-in.ts'
export { recover } from '../retry/recover.ts'
export { askEnvironments } from '../routing/environments.ts'
export { toConnectionError, toCutBody } from '../transport/connection.ts'
export { decodeFault } from '../transport/decode-fault.ts'
export { redirectTarget } from '../transport/redirect.ts'
export { refusalOf } from '../transport/refusal.ts'
