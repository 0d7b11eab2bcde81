import { connectSection } from './connect-section.ts'
import { consoleSection } from './console-section.ts'
import { endpointSection } from './endpoint-section.ts'
import { type Html, html } from './html.ts'
import { executionSection, requestSection } from './log-sections.ts'
import type { PageSource } from './page-source.ts'

/**
 * The page of a local PostHog, with its whole state.
 *
 * @param origin The origin of the page, such as `http://127.0.0.1:8010`.
 */
export function pageDocument(source: PageSource, origin: string): Html {
  const { projectId } = source.state
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Local PostHog, project ${projectId}</title>
<link rel="icon" href="/_typehog/page.svg" type="image/svg+xml">
<link rel="stylesheet" href="/_typehog/page.css">
<script src="/_typehog/page.js" type="module"></script>
</head>
<body data-project="${projectId}" data-key="${source.personalApiKey}">
<a class="skip" href="#main">Skip to content</a>
<header>
  <h1>Local PostHog <span>project ${projectId}</span></h1>
  <nav aria-label="Sections">
    <a href="#connect">Connect</a>
    <a href="#endpoints">Endpoints</a>
    <a href="#sql">SQL console</a>
    <a href="#requests">Requests</a>
    <a href="#executions">Executions</a>
  </nav>
  <div class="scripted live"><span id="live" role="status">Live</span>
    <button type="button" id="pause">Pause updates</button></div>
</header>
<main id="main" tabindex="-1">
<noscript><p class="notice">This page runs queries and updates itself with JavaScript. Without it, reload the page to see
  new requests.</p></noscript>
${connectSection(source, origin)}
${endpointSection(source)}
${consoleSection()}
${requestSection(source)}
${executionSection(source)}
</main>
<p id="announcer" class="hidden" role="status"></p>
</body>
</html>
`
}
