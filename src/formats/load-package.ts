/** Imports an optional package. Its name is an argument, so that bundlers do not require it. */
export async function loadPackage(name: string): Promise<unknown> {
  const loaded: unknown = await import(/* webpackIgnore: true */ /* @vite-ignore */ name)
  return loaded
}
