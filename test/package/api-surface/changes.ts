/** Lines of two surfaces that are in one of them alone, each with the entry and the export that it belongs to. */
export function changesOf(before: string, after: string): string[] {
  const counts = new Map<string, number>()
  for (const line of placed(before)) counts.set(line, (counts.get(line) ?? 0) - 1)
  for (const line of placed(after)) counts.set(line, (counts.get(line) ?? 0) + 1)
  const changed = [...counts].filter(([, count]) => count !== 0)
  return changed.map(([line, count]) => `${count < 0 ? '-' : '+'} ${line}`)
}

function placed(text: string): string[] {
  let entry = ''
  let owner = ''
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) entry = line.slice(3)
    if (line === '' || line.startsWith('```') || line === '}') return []
    if (/^ /.test(line)) return [`${entry}, ${owner}: ${line.trim()}`]
    owner = /^\w+ \w+/.exec(line)?.[0] ?? ''
    return [`${entry}: ${line}`]
  })
}
