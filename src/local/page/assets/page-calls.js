// Calls of the API with the key of the page.

const { project = '', key = '' } = document.body.dataset

/**
 * Reads JSON. Integers that a number cannot hold become bigints, where the browser gives their text.
 *
 * @param {string} text
 * @returns {unknown}
 */
function parseJson(text) {
  /** @type {(key: string, value: unknown, context?: { readonly source?: string }) => unknown} */
  const revive = (_, value, context) => {
    const source = context?.source ?? ''
    const isLarge = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
    return isLarge ? BigInt(source) : value
  }
  return JSON.parse(text, revive)
}

/**
 * Calls a route of the project.
 *
 * @param {string} route
 * @param {unknown} body
 * @returns {Promise<{ readonly status: number, readonly ms: number, readonly body: Readonly<Record<string, unknown>> }>}
 */
export async function call(route, body) {
  const started = performance.now()
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
  const response = await fetch(`/api/projects/${project}/${route}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const ms = Math.round(performance.now() - started)
  try {
    return { status: response.status, ms, body: Object(parseJson(text)) }
  } catch {
    return {
      status: response.status,
      ms,
      body: { detail: `The response is not JSON: ${text.slice(0, 200)}` },
    }
  }
}
