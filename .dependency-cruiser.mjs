// Which folder may import which, and no circles. Type imports and dynamic imports count. `npm run lint` holds this.

/** One rule: files under `from` import none of `to`. */
const arrow = (from, to, comment) => ({
  name: `${from.replaceAll('/', '-')}-imports`,
  comment,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: to.map((name) => (name === 'node:' ? '^node:' : `^src/${name}/`)) },
})

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: { path: '^(src|scripts)/', pathNot: '^src/generated/' },
      to: { circular: true },
    },
    arrow(
      'shared',
      [
        'generated',
        'hogql',
        'runtime',
        'resources',
        'client',
        'codegen',
        'local',
        'testing',
        'cli',
        'redis',
        'node',
        'node:',
      ],
      'Helpers about plain values that any folder may import. They run without Node.',
    ),
    arrow(
      'hogql',
      [
        'generated',
        'runtime',
        'resources',
        'client',
        'codegen',
        'local',
        'testing',
        'conformance',
        'cli',
        'redis',
        'node',
        'node:',
      ],
      'The language: its parser and tables. The local PostHog and code generation read queries with it.',
    ),
    arrow(
      'runtime',
      [
        'generated',
        'resources',
        'client',
        'codegen',
        'local',
        'testing',
        'conformance',
        'cli',
        'redis',
        'node',
        'node:',
      ],
      'The runtime knows HTTP and imports nothing else of ours except `shared`. It runs without Node.',
    ),
    arrow(
      'resources',
      ['client', 'codegen', 'local', 'testing', 'conformance', 'cli', 'redis', 'node', 'node:'],
      'Resources build on the runtime and the generated layer.',
    ),
    arrow(
      'client',
      ['codegen', 'local', 'testing', 'conformance', 'cli', 'redis', 'node', 'node:'],
      'The client joins resources, the runtime and the generated layer.',
    ),
    arrow(
      'codegen',
      ['generated', 'runtime', 'resources', 'client', 'local', 'cli'],
      'Code generation works on documents and imports nothing else of ours except `hogql` and `shared`.',
    ),
    arrow(
      'local',
      ['runtime', 'resources', 'client', 'codegen', 'testing', 'conformance', 'cli'],
      'The local PostHog is the other side of the wire and shares no code with the client.',
    ),
    arrow(
      'testing',
      ['generated', 'resources', 'client', 'codegen', 'local', 'conformance', 'cli', 'redis', 'node'],
      'Recordings know HTTP, and redact with the runtime. They know no resource and no local PostHog.',
    ),
    arrow(
      'conformance',
      ['generated', 'resources', 'codegen', 'local', 'testing', 'cli', 'redis', 'node'],
      'Assertions about PostHog send requests through the client. They know no local PostHog.',
    ),
    arrow(
      'redis',
      ['generated', 'resources', 'client', 'codegen', 'local', 'cli', 'node', 'node:'],
      'The Redis entry implements interfaces of the runtime, and runs without Node.',
    ),
    arrow(
      'node',
      ['generated', 'resources', 'client', 'codegen', 'local', 'cli', 'redis'],
      'The Node entry builds on the configuration of the runtime.',
    ),
    arrow(
      'generated',
      [
        'shared',
        'runtime',
        'resources',
        'client',
        'codegen',
        'local',
        'testing',
        'conformance',
        'cli',
        'redis',
        'node',
      ],
      'Generated code imports its own files.',
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.mts', '.js', '.json'] },
  },
}
