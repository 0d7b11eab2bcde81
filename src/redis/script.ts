import { type RedisClient, sendCommand } from './redis-client.ts'

/** A Lua script that Redis runs as one step. */
export interface Script {
  run(keys: readonly string[], parameters: readonly (string | number)[]): Promise<unknown>
}

/** A script that is sent once and called by its hash from then on, also after Redis forgot it. */
export function createScript(client: RedisClient, source: string): Script {
  let loading: Promise<string> | undefined
  const load = (): Promise<string> => {
    loading ??= sendCommand(client, ['SCRIPT', 'LOAD', source]).then(String)
    // A failure is told to whoever asked, and the next one tries again.
    loading.catch(() => {
      loading = undefined
    })
    return loading
  }
  return {
    async run(keys, parameters) {
      const call = async (): Promise<unknown> => {
        const words = ['EVALSHA', await load(), String(keys.length), ...keys, ...parameters.map(String)]
        return sendCommand(client, words)
      }
      try {
        return await call()
      } catch (error) {
        if (!String(error).includes('NOSCRIPT')) throw error
        loading = undefined
        return call()
      }
    },
  }
}
