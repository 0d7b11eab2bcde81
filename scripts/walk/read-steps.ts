/** What a page tells its reader to do, in order. */
export type Step =
  | { readonly kind: 'write'; readonly file: string; readonly text: string }
  /** `keepsRunning`: the page goes on in another terminal. */
  | { readonly kind: 'run'; readonly script: string; readonly keepsRunning: boolean }

interface Block {
  /** The text between the previous block and this one. */
  readonly introduction: string
  readonly language: string
  readonly text: string
}

/**
 * Reads the steps of some sections: a block after "Save as `file`" is a file, and a block of shell commands is run. A
 * command keeps running when the text after it says "another terminal". Other blocks show output.
 *
 * @throws Error for a section that the page does not have, and for a program without a file name
 */
export function readSteps(page: string, sections: readonly string[]): Step[] {
  return sections.flatMap((title) => {
    const blocks = blocksOf(sectionOf(page, title))
    return blocks.flatMap(({ introduction, language, text }, index): Step[] => {
      const file = /Save as\s+`([^`]+)`/.exec(introduction)?.[1]
      if (file !== undefined) return [{ kind: 'write', file, text }]
      if (language === 'sh') {
        const keepsRunning = /another terminal/i.test(blocks[index + 1]?.introduction ?? '')
        return [{ kind: 'run', script: text, keepsRunning }]
      }
      if (language === 'text') return []
      throw new Error(`The section "${title}" shows ${language} without the name of its file.`)
    })
  })
}

/** The text of a section, up to the next heading of its level. */
function sectionOf(page: string, title: string): string {
  const [, section] = `\n${page}`.split(`\n## ${title}\n`)
  if (section === undefined) throw new Error(`The page has no section "${title}".`)
  return section.split(/^## /m)[0] ?? ''
}

function blocksOf(section: string): Block[] {
  const found = section.matchAll(/([\s\S]*?)^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm)
  return [...found].map(([, introduction = '', language = '', text = '']) => ({
    introduction,
    language,
    text,
  }))
}
