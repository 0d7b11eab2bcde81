import { ConfigurationError } from '../errors/configuration-error.ts'
import { unexpected } from './check-options.ts'

/** Digits, or `@current`: the project that the key's user last opened in the app. */
export type ProjectId = string

/**
 * Reads the number of a project.
 *
 * @throws ConfigurationError for anything else; names and tokens of projects are not ids
 */
export function readProjectId(value: number | string | undefined): ProjectId | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' && typeof value !== 'string') {
    throw unexpected('`projectId`', value, 'the number of a project')
  }
  const text = String(value).trim()
  if (/^(?:[1-9]\d*|@current)$/.test(text)) return text
  throw new ConfigurationError({
    message: '`projectId` is not the number of a project.',
    fix: 'Use the number in the address of the app, /project/<number>.',
  })
}
