import { scopes } from '../../generated/scopes.gen.ts'
import { lookUp } from './place-of.ts'

/** The scopes that an operation needs; undefined where PostHog's schema does not tell. */
export function scopesOf(method: string, template: string): readonly string[] | undefined {
  const text = lookUp(scopes, method, template) ?? ''
  if (text === '') return undefined
  return text.split(' ').map((scope) => scope.replace(/:$/, method === 'GET' ? ':read' : ':write'))
}
