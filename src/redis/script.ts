import { type RedisClient, sendCommand } from './redis-client.ts'

/** A Lua script that Redis runs as one step. */
export interface Script {
  run(keys: readonly string[], parameters: readonly (string | number)[]): Promise<unknown>
}

/** Creates a script that is called by its hash. Redis gets the source when it does not know it, or forgot it. */
export function createScript(client: RedisClient, source: string): Script {
  let hash: Promise<string> | undefined
  return {
    async run(keys, parameters) {
      hash ??= sha1(source)
      const words = [String(keys.length), ...keys, ...parameters.map(String)]
      try {
        return await sendCommand(client, ['EVALSHA', await hash, ...words])
      } catch (error) {
        if (!String(error).includes('NOSCRIPT')) throw error
        return sendCommand(client, ['EVAL', source, ...words])
      }
    },
  }
}

/** The name of a script in Redis. */
async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
