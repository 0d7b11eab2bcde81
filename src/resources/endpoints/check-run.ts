import {
  anything,
  checkOptions,
  count,
  flag,
  isPlainObject,
  type OptionChecks,
  oneOf,
  text,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { refuseUnwritable } from '../../runtime/config/json-value.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { callChecks, cellChecks } from '../query/check-query.ts'
import type { RunOptions } from './run-options.ts'

const runChecks: OptionChecks<RunOptions> = {
  ...callChecks,
  ...cellChecks,
  validate: anything,
  refresh: oneOf('cache', 'force', 'direct'),
  limit: count(1),
  offset: count(0),
  debug: flag,
  version: count(1),
  clientQueryId: text(),
  onVersionDrift: oneOf('throw', 'warn', 'ignore'),
}

/**
 * Refuses wrong arguments of `endpoints.run` before anything is sent.
 *
 * @throws ConfigurationError that names the argument
 */
export function checkRun(endpoint: unknown, variables: unknown, options: unknown): void {
  const { name, columns } = Object(endpoint)
  if (!isPlainObject(endpoint) || !text().accepts(name) || !Array.isArray(columns)) {
    throw unexpected(
      'The endpoint of `endpoints.run`',
      endpoint,
      'an endpoint with `name` and `columns`',
      'Pass one of the module that `typehog endpoints pull` writes. Nothing was sent.',
    )
  }
  if (variables !== undefined) {
    if (!isPlainObject(variables)) throw unexpected('`variables`', variables, 'an object of variables')
    refuseUnwritable('variables', variables)
  }
  checkOptions('endpoints.run', options, runChecks)
  const { limit, offset } = Object(options)
  if (offset !== undefined && limit === undefined) {
    throw new ConfigurationError({
      message: '`offset` has no meaning without `limit`.',
      fix: 'Pass `limit` too: the rows of one page. Nothing was sent.',
    })
  }
}
