/** A client of the package `redis`, version 4 or newer. */
export interface NodeRedisClient {
  sendCommand(command: string[]): Promise<unknown>
}

/** A client of the package `ioredis`, version 5 or newer. */
export interface IoRedisClient {
  call(command: string, ...parameters: string[]): Promise<unknown>
}

/** A connected client of Redis; either package fits as it is. */
export type RedisClient = NodeRedisClient | IoRedisClient

/** Sends one command. */
export function sendCommand(
  client: RedisClient,
  [command = '', ...rest]: readonly string[],
): Promise<unknown> {
  // Commands of node-redis are checked first: ioredis has a method of that name too, which takes an object.
  return 'call' in client ? client.call(command, ...rest) : client.sendCommand([command, ...rest])
}
