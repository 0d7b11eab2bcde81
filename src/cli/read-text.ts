import { readFile } from 'node:fs/promises'

/**
 * Reads a text file without its byte order mark. UTF-8, or UTF-16 with a byte order mark, which `>` of Windows
 * PowerShell writes.
 */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path)
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}
