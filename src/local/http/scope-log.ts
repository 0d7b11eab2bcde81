/** The scopes that requests needed. */
export interface ScopeLog {
  /** Adds the scopes of an action, separated by spaces. */
  add(scopes: string): void
  /** All scopes, sorted, without reads that a write includes. */
  all(): string[]
}

/** Creates an empty log. */
export function createScopeLog(): ScopeLog {
  const used = new Set<string>()
  return {
    add: (scopes) => {
      for (const scope of scopes.split(' ')) used.add(scope)
    },
    all: () =>
      [...used].filter((scope) => isWrite(scope) || !used.has(scope.replace(/:read$/, ':write'))).sort(),
  }
}

function isWrite(scope: string): boolean {
  return scope.endsWith(':write')
}
