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

interface Peers {
  readonly ky: Ky
  readonly 'openapi-fetch': OpenapiFetch
  readonly openai: OpenAI
}

/** Loads a peer that is installed in this folder. */
export async function loadPeer<Name extends keyof Peers>(name: Name): Promise<Peers[Name]> {
  try {
    return (await import(name)) as Peers[Name]
  } catch (cause) {
    throw new Error(`${name} cannot be loaded. Install the peers: npm ci --prefix bench`, { cause })
  }
}
