import type { Whoami } from '../resources/whoami.ts'

const names: Readonly<Record<string, string>> = {
  personal: 'Personal API key',
  project_secret: 'Project secret API key',
  oauth: 'OAuth token',
}

/** Names a kind of key for the user. */
export function keyKindName(kind: Whoami['keyKind']): string {
  return names[kind ?? ''] ?? 'Key of an unknown kind'
}
