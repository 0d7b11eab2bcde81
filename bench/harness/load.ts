import { isDeepStrictEqual } from 'node:util'
import type { Contestant } from './contestants.ts'
import { flagPage } from './flag-page.ts'

/** Sends so many requests, so many of them at a time, and checks the last body. */
export async function load({ name, ask }: Contestant, requests: number, inFlight: number): Promise<void> {
  let left = requests
  let body: unknown
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      body = await ask()
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  if (!isDeepStrictEqual(body, flagPage)) throw new Error(`${name} came back with another body.`)
}
