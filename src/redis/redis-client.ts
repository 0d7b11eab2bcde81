/** A client of the `redis` package, version 4 or newer. */
export interface NodeRedisClient {
  sendCommand(command: string[]): Promise<unknown>
}

/** A client of the `ioredis` package, version 5 or newer. */
export interface IoRedisClient {
  call(command: string, ...parameters: string[]): Promise<unknown>
}

/** A connected Redis client of either package. */
export type RedisClient = NodeRedisClient | IoRedisClient

/** Sends one command. */
export function sendCommand(
  client: RedisClient,
  [command = '', ...rest]: readonly string[],
): Promise<unknown> {
  // Only ioredis has `call`. It also has a `sendCommand`, but with another signature.
  return 'call' in client ? client.call(command, ...rest) : client.sendCommand([command, ...rest])
}

/** A Lua script, which Redis runs atomically. */
export interface Script {
  run(keys: readonly string[], parameters: readonly (string | number)[]): Promise<unknown>
}

/** Creates a script that runs by its hash. Sends the source when Redis does not have the script cached. */
export function createScript(client: RedisClient, source: string): Script {
  let hash: Promise<string> | undefined
  return {
    async run(keys, parameters) {
      hash ??= sha1(source)
      const args = [String(keys.length), ...keys, ...parameters.map(String)]
      try {
        return await sendCommand(client, ['EVALSHA', await hash, ...args])
      } catch (error) {
        if (!String(error).includes('NOSCRIPT')) throw error
        return sendCommand(client, ['EVAL', source, ...args])
      }
    },
  }
}

/** Redis identifies a script by the SHA-1 of its source, in hex. */
async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
