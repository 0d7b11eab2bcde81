import { posix } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

/**
 * Lets links work on the site as they do on GitHub: files outside of `docs`, such as `../CHANGELOG.md`, are in the
 * repository, and the page of a folder is its `README.md`.
 */
export function adaptLinks(md: MarkdownRenderer, repository: string): void {
  const next = md.renderer.rules['link_open']
  md.renderer.rules['link_open'] = (tokens, index, options, environment, self) => {
    const token = tokens[index]
    const href = token?.attrGet('href') ?? ''
    const target = posix.join('docs', posix.dirname(String(environment.relativePath)), href)
    if (href.startsWith('.') && !target.startsWith('docs/')) {
      token?.attrSet('href', `${repository}/blob/main/${target}`)
    } else if (!href.includes(':')) {
      token?.attrSet('href', href.replace(/(^|\/)README\.md/, '$1index.md'))
    }
    return next?.(tokens, index, options, environment, self) ?? self.renderToken(tokens, index, options)
  }
}

/** The anchor that GitHub creates for a heading. */
export function githubAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}
