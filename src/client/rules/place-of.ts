const project = '/api/projects/{project_id}/'

/** How the generated tables spell a path, or an operation: `~` stands for where most paths begin. */
export function placeOf(text: string): string {
  return text.replace(project, '~')
}

/** What a table says of an operation: its own line, else the longest beginning of its path that is listed. */
export function lookUp(
  table: readonly (readonly [place: string, value: string])[],
  method: string,
  template: string,
): string | undefined {
  const path = placeOf(template)
  let found: string | undefined
  let length = 0
  for (const [place, value] of table) {
    if (place === `${method} ${path}`) return value
    if (place.length > length && path.startsWith(place)) [found, length] = [value, place.length]
  }
  return found
}
