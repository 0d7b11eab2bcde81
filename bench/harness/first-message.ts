import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** What a process tells first. Rejects when it ends without a word. */
export async function firstMessage<Message>(child: ChildProcess, name: string): Promise<Message> {
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with code ${code} before it said anything.`)
  })
  const [message] = await Promise.race([once(child, 'message'), died])
  died.catch(() => {})
  // The program that was started says what its messages are.
  return message as Message
}
