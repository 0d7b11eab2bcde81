/** What the process ends with. Shown by `typehog --help`. */
export const exitCodes: {
  readonly ok: 0
  readonly drift: 1
  readonly usage: 2
  readonly failure: 3
  readonly interrupted: 130
} = { ok: 0, drift: 1, usage: 2, failure: 3, interrupted: 130 }

/** Any of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
