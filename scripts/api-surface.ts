import { writeFile } from 'node:fs/promises'
import { apiSurface } from '../test/package/api-surface/api-surface.ts'
import { apiSurfaceFile } from '../test/package/api-surface/file.ts'
import { ensureBuilt } from '../test/package/project.ts'

// Usage: npm run api. Writes the exports of the built package. A test compares later builds with this file.

await ensureBuilt()
await writeFile(apiSurfaceFile, apiSurface('dist'))
console.log(`${apiSurfaceFile} was written.`)
