/** Where the text is kept that later builds are held against. */
export const apiSurfaceFile = 'api/typehog.api.md'
