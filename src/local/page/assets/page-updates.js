// Live updates: the page requests itself and takes over what has changed.

import { find } from './page-elements.js'

/** Milliseconds between two updates. */
const UPDATE_MS = 1_000

const { key } = document.body.dataset

/**
 * The HTML of each element of a live list as the server sent it. An equal element keeps its place, so that open
 * details, filled fields and the focus stay.
 *
 * @type {WeakMap<Element, string>}
 */
const received = new WeakMap()

/**
 * Makes a live list equal to a newer one.
 *
 * @param {Element} list
 * @param {Element} newer
 */
function merge(list, newer) {
  const kept = new Map([...list.children].map((child) => [`${child.id} ${received.get(child)}`, child]))
  const children = [...newer.children].map((child) => kept.get(`${child.id} ${child.outerHTML}`) ?? child)
  for (const child of [...list.children]) if (!children.includes(child)) child.remove()
  let next = list.firstElementChild
  for (const child of children) {
    if (child === next) next = child.nextElementSibling
    else {
      received.set(child, child.outerHTML)
      list.insertBefore(child, next)
    }
  }
}

/** The entity tag of the newest page. */
let tag = ''

async function update() {
  const status = find(document, '#live', HTMLElement)
  try {
    const response = await fetch('/', { headers: { Accept: 'text/html', 'If-None-Match': tag } })
    if (response.status === 200) {
      const newer = new DOMParser().parseFromString(await response.text(), 'text/html')
      // Another server started on this port.
      if (newer.body.dataset['key'] !== key) location.reload()
      tag = response.headers.get('etag') ?? ''
      for (const list of newer.querySelectorAll('[data-live]')) {
        const current = document.getElementById(list.id)
        if (list.childElementCount > 0 && current !== null) merge(current, list)
        else if (current?.textContent !== list.textContent) current?.replaceChildren(...list.childNodes)
      }
    }
    if (status.textContent !== 'Live') status.textContent = 'Live'
  } catch {
    if (status.textContent !== 'Disconnected') status.textContent = 'Disconnected'
  }
}

let isPaused = false
/** Updates run one after another. */
let updates = Promise.resolve()

export function refresh() {
  updates = updates.then(() => (isPaused ? undefined : update()))
  return updates
}

async function poll() {
  if (!document.hidden) await refresh()
  setTimeout(poll, UPDATE_MS)
}

/** Starts the updates and the button that pauses them. */
export function startUpdates() {
  const pause = find(document, '#pause', HTMLButtonElement)
  pause.addEventListener('click', () => {
    isPaused = !isPaused
    pause.textContent = isPaused ? 'Resume updates' : 'Pause updates'
    find(document, '#live', HTMLElement).textContent = isPaused ? 'Paused' : 'Live'
  })
  for (const child of document.querySelectorAll('[data-live] > *')) received.set(child, child.outerHTML)
  void poll()
}
