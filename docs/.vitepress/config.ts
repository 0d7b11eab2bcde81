import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type DefaultTheme, defineConfig, type UserConfig } from 'vitepress'
import { adaptLinks, githubAnchor } from './links.ts'

const docs = fileURLToPath(new URL('..', import.meta.url))
const repository = 'https://github.com/OWNER/typehog'

/** A sidebar entry whose text is the page's own title. */
function page(file: string): DefaultTheme.SidebarItem {
  const title = /^# (.+)$/m.exec(readFileSync(`${docs}/${file}.md`, 'utf8'))?.[1]
  if (title === undefined) throw new Error(`docs/${file}.md has no title.`)
  return { text: title.replaceAll('`', ''), link: `/${file}` }
}

/** Sidebar entries of all pages in a folder. */
function pagesIn(folder: string): DefaultTheme.SidebarItem[] {
  const names = readdirSync(`${docs}/${folder}`).filter((name) => name.endsWith('.md'))
  return names.sort().map((name) => page(`${folder}/${name.replace(/\.md$/, '')}`))
}

const config: UserConfig<DefaultTheme.Config> = defineConfig({
  title: 'Typehog',
  description: "The TypeScript SDK for PostHog's private API.",
  srcDir: '.',
  outDir: '.vitepress/dist',
  cleanUrls: true,
  // The pages also work on GitHub, where a folder shows its README.md.
  rewrites: { 'README.md': 'index.md', ':folder(.*)/README.md': ':folder/index.md' },
  // Fonts come from the system: the site loads nothing from other hosts.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  vite: { build: { chunkSizeWarningLimit: 4_000 } },
  markdown: {
    languageAlias: { 'ts no-run': 'ts' },
    anchor: { slugify: githubAnchor },
    config: (md) => adaptLinks(md, repository),
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Get started', link: '/get-started/node' },
      { text: 'Jobs', link: '/jobs/query' },
      { text: 'Reference', link: '/reference/typehog/' },
    ],
    sidebar: [
      {
        text: 'Get started',
        items: ['node', 'deno', 'bun', 'workers', 'nextjs'].map((name) => page(`get-started/${name}`)),
      },
      {
        text: 'Understand',
        items: ['concepts', 'comparison', 'migrating-from-a-helper', 'glossary'].map(page),
      },
      { text: 'Jobs', items: pagesIn('jobs') },
      {
        text: 'Look up',
        items: [
          ...['configuration', 'cli', 'errors', 'troubleshooting', 'performance'].map(page),
          { text: 'API reference', link: '/reference/' },
        ],
      },
      {
        text: 'About',
        items: ['runtimes', 'upgrading', 'security', 'conformance', 'architecture'].map(page),
      },
    ],
    socialLinks: [{ icon: 'github', link: repository }],
    footer: { message: 'MIT license. Typehog is not affiliated with PostHog.' },
  },
})

export default config
