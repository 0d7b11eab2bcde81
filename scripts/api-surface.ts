import { writeFile } from 'node:fs/promises'
import { apiSurface, apiSurfaceFile } from '../test/package/api-surface/api-surface.ts'
import { ensureBuilt } from '../test/package/build.ts'

// Usage: npm run api. Writes the exports of the built package. A test compares later builds with this file.

await ensureBuilt()
await writeFile(apiSurfaceFile, apiSurface('dist'))
console.log(`${apiSurfaceFile} was written.`)
