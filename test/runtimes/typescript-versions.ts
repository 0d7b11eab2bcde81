/** The oldest TypeScript that reads the package's declarations: `NoInfer` came with it. */
export const oldestTypeScript = '5.4'

/** The newest that is tried. */
export const newestTypeScript = '7.0'
