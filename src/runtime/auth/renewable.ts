import { currentKey, refuseKey } from '../config/current-key.ts'
import type { Config } from '../config/resolve.ts'
import { untilAbort } from '../transport/abort.ts'
import type { Answer } from '../transport/answer.ts'
import type { CallRun } from '../transport/context.ts'

/**
 * Sends a request with a key that can be renewed. When PostHog does not know it, the request is sent once more with the
 * new one: a request that was refused with 401 did nothing.
 */
export async function sendRenewable(
  config: Config,
  run: CallRun,
  send: (key: string) => Promise<Answer>,
): Promise<Answer> {
  const key = await untilAbort(currentKey(config, run), run.scope)
  const answer = await send(key)
  if (answer.status !== 401 || !refuseKey(config, key)) return answer
  const renewed = await untilAbort(currentKey(config, run), run.scope)
  return renewed === key ? answer : send(renewed)
}
