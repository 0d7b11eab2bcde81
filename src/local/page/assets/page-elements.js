// Helpers for elements of the page.

/**
 * Finds an element that the server rendered.
 *
 * @template {Element} T
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function find(parent, selector, type) {
  const found = parent.querySelector(selector)
  if (found instanceof type) return found
  throw new Error(`The page has no ${selector}`)
}

/**
 * Creates an element with a class and children. Text children need no escaping.
 *
 * @param {string} tag
 * @param {string} className
 * @param {readonly (Node | string)[]} children
 */
export function create(tag, className, ...children) {
  const created = document.createElement(tag)
  if (className !== '') created.className = className
  created.append(...children)
  return created
}
