import { invalid, notFound } from './api-error.ts'
import type { Call } from './route.ts'

/**
 * Reads a required query parameter.
 *
 * @throws ApiError 400
 */
export function requiredQuery(url: URL, name: string): string {
  const value = url.searchParams.get(name)
  if (value === null || value === '') throw invalid(name, 'This field is required.', 'required')
  return value
}

/**
 * Reads an integer path parameter.
 *
 * @throws ApiError 404 for any other text: no record has that id.
 */
export function integerInPath({ params }: Pick<Call, 'params'>, name = 'id'): number {
  const text = params[name] ?? ''
  if (!/^\d{1,15}$/.test(text)) throw notFound()
  return Number(text)
}

/** Reads a query parameter that is a JSON list or comma-separated text. */
export function listParameter(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return (Array.isArray(value) ? value : [value]).map(String)
  } catch {
    return text.split(',')
  }
}
