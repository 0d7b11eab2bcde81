// The parts of each peer that are used here. They are written down so that this folder compiles without its own
// node_modules; each round checks that the peers answer so.

type Headers = Readonly<Record<string, string>>

interface Ky {
  readonly default: {
    get(url: string, options: { headers: Headers }): { json(): Promise<unknown> }
  }
}

interface OpenapiFetch {
  default(options: { baseUrl: string; headers: Headers }): {
    GET(path: string, init: { params: { path: Record<string, number> } }): Promise<{ data?: unknown }>
  }
}

interface OpenAI {
  readonly default: new (options: {
    apiKey: string
    baseURL: string
  }) => { get(path: string): Promise<unknown> }
}

interface StreamJson {
  parser(options: { streamValues: boolean }): unknown
  pick(options: { filter: string }): unknown
  streamArray(): unknown
  chain(steps: readonly unknown[]): NodeJS.ReadWriteStream & AsyncIterable<{ value: readonly unknown[] }>
}

interface StreamParser {
  readonly JSONParser: new (options: {
    paths: readonly string[]
    keepStack: boolean
  }) => { onValue: (found: { value: unknown }) => void; write(chunk: Uint8Array): void }
}

interface Peers {
  readonly ky: Ky
  readonly 'openapi-fetch': OpenapiFetch
  readonly openai: OpenAI
  readonly 'stream-json': StreamJson
  readonly '@streamparser/json': StreamParser
}

/** Peers whose parts come from several modules. */
const modules: Readonly<Record<string, readonly string[]>> = {
  'stream-json': [
    'stream-chain',
    'stream-json/parser.js',
    'stream-json/filters/pick.js',
    'stream-json/streamers/stream-array.js',
  ],
}

/** Loads a peer that is installed in this folder. */
export async function loadPeer<Name extends keyof Peers>(name: Name): Promise<Peers[Name]> {
  try {
    const parts = await Promise.all((modules[name] ?? [name]).map((module) => import(module)))
    return Object.assign({}, ...parts) as Peers[Name]
  } catch (cause) {
    throw new Error(`${name} cannot be loaded. Install the peers: npm ci --prefix bench`, { cause })
  }
}
