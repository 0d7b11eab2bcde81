import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { largest, readDeclarations } from '../split-declarations.ts'
import { mergeEqualTypes } from './equal-types.ts'
import { nameUnions } from './name-unions.ts'
import { dropDiscriminators, writeArrays, writePartialTypes } from './shorter-forms.ts'

/** The steps in order: each sees the text of the one before. */
const steps: readonly ((text: string) => string)[] = [
  dropDiscriminators,
  mergeEqualTypes,
  nameUnions,
  writePartialTypes,
  writeArrays,
]

/**
 * Makes the types of a shared file of a folder smaller for the compiler. The same values are assignable to them as before,
 * and their names stay.
 *
 * @param shared start of the name of the file, such as `types.gen-`
 */
export async function simplifyDeclarations(folder: string, shared: string): Promise<void> {
  const texts = await readDeclarations(folder)
  const file = largest(texts, shared)
  const simplified = steps.reduce((text, step) => step(text), texts.get(file) ?? '')
  await writeFile(join(folder, file), simplified)
}
