import { createHash } from 'node:crypto'

// Fifteen hexadecimal digits: all of them at once, as a floating point number, are this.
const SCALE = 2 ** 60

/** Where somebody stands on a flag's scale, from 0 to 1: always in the same place. */
export function flagHash(flagKey: string, identifier: string, salt = ''): number {
  const digest = createHash('sha1').update(`${flagKey}.${identifier}${salt}`).digest('hex')
  return Number.parseInt(digest.slice(0, 15), 16) / SCALE
}
