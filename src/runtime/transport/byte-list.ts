import type { Bytes } from './body-reader.ts'

/** Bytes of a block that small chunks are copied into: a body of single bytes would take hundreds of times its size. */
const blockBytes = 16_384
/** Chunks that are kept as they came before small ones are copied: most bodies have fewer. */
const uncopied = 16

/** Chunks of a body, put together at the end. */
export class ByteList {
  readonly #chunks: Bytes[] = []
  /** The last of the chunks while it has room for more. */
  #block: Bytes | undefined
  #used = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(chunk: Bytes): void {
    this.#length += chunk.byteLength
    if (chunk.byteLength > blockBytes / 2 || this.#chunks.length < uncopied) {
      this.#close()
      this.#chunks.push(chunk)
      return
    }
    if (this.#used + chunk.byteLength > blockBytes) this.#close()
    this.#block ??= new Uint8Array(blockBytes)
    this.#block.set(chunk, this.#used)
    this.#used += chunk.byteLength
  }

  /** All bytes in one piece. */
  join(): Bytes {
    this.#close()
    const [first] = this.#chunks
    if (this.#chunks.length === 1 && first !== undefined) return first
    const bytes = new Uint8Array(this.#length)
    let offset = 0
    for (const chunk of this.#chunks) {
      bytes.set(chunk, offset)
      offset += chunk.byteLength
    }
    return bytes
  }

  #close(): void {
    if (this.#block !== undefined) this.#chunks.push(this.#block.subarray(0, this.#used))
    this.#block = undefined
    this.#used = 0
  }
}
