import { writeFile } from 'node:fs/promises'
import { apiSurface } from '../test/package/api-surface/api-surface.ts'
import { apiSurfaceFile } from '../test/package/api-surface/file.ts'
import { ensureBuilt } from '../test/package/project.ts'

// Usage: npm run api. Writes what the built package exports; the tests hold later builds against it.

await ensureBuilt()
await writeFile(apiSurfaceFile, apiSurface('dist'))
console.log(`${apiSurfaceFile} was written.`)
