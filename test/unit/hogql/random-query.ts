/** Returns numbers from 0 to 1 that depend on the seed only. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const NAMES = [
  ...[
    'a',
    'b',
    'event',
    'timestamp',
    'distinct_id',
    '$session_id',
    't.c',
    '"quoted name"',
    'properties.`x y`',
  ],
  ...['properties.$browser', 'person.properties.email', 'session.$start_timestamp'],
  ...['date', 'first', 'id', 'row', 'values', 'key'],
]
const ALIASES = ['x', 'y', 'foo', 'Bar', '`q n`', '"d q"', 'date', 'id']
const LITERALS = [
  ...['1', '0', '-2', '1.5', '1e3', '.5', '0x1F', '-1.25', 'inf', 'null', 'NULL', 'true', 'false'],
  ...["'text'", "'it''s'", "'a\\'b'", "'\\\\n'", "''"],
]
const FUNCTIONS = [
  ...['count', 'sum', 'toDate', 'if', 'arrayMap', 'coalesce', 'toStartOfDay', 'JSONExtractString', 'concat'],
  ...['round', 'uniq', 'min', 'dateDiff', 'lower', 'range', 'tuple', 'array', 'any', 'left', 'right', 'trim'],
]
const COMPARISONS = ['=', '==', '!=', '<>', '<', '<=', '>', '>=', '=~', '!~', '=~*', '!~*', '~', '~*']
const TYPES = ['String', 'Int64', 'Nullable(String)', 'Decimal(10, 2)', 'Array(String)', 'int[]']
const UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']
const JOINS = [
  ...['join', 'left join', 'inner join', 'any left join', 'left outer join', 'full join', 'cross join'],
  ...['right join', 'asof join', 'semi left join', 'left any join'],
]
const FRAMES = [
  'rows between unbounded preceding and current row',
  'rows between 1 preceding and 2 following',
  'range unbounded preceding',
]

type Write = () => string

/** Writes HogQL queries that use every part of the language, also in wrong places. */
export class RandomQueries {
  private readonly random: () => number

  constructor(seed: number) {
    this.random = seededRandom(seed)
  }

  /** Returns a query of at most 350 characters. */
  next(): string {
    for (;;) {
      const query = this.query(1 + Math.floor(this.random() * 2))
      if (query.length <= 350) return query
    }
  }

  private pick<T>(items: readonly T[]): T {
    // The index is below the length.
    return items[Math.floor(this.random() * items.length)] as T
  }

  /** One of several texts, or nothing. */
  private maybe(chance: number, ...write: readonly Write[]): string {
    return this.random() < chance ? this.pick(write)() : ''
  }

  private some(most: number, write: Write): string {
    return Array.from({ length: 1 + Math.floor(this.random() * most) }, write).join(', ')
  }

  private query(depth: number): string {
    const first = this.simple(Math.max(depth, 1))
    const operators = ['union all', 'union distinct', 'intersect', 'except', 'union', 'except all']
    const more = (): string => {
      const second = this.simple(1)
      const limit = this.maybe(0.2, () => ' limit 3')
      return ` ${this.pick(operators)} ${this.pick([second, `(${second})`])}${limit}`
    }
    return this.with(depth) + first + this.maybe(0.12, more)
  }

  private with(depth: number): string {
    const item = (): string =>
      this.pick<Write>([
        () => `t as (${this.query(depth - 1)})`,
        () => `${this.expression(1)} as z`,
        () => `u(a, b) as (${this.query(depth - 1)})`,
        () => `m as materialized (${this.query(depth - 1)})`,
      ])()
    return this.maybe(0.15, () => `with ${this.maybe(0.15, () => 'recursive ')}${this.some(2, item)} `)
  }

  private simple(depth: number): string {
    const columns = this.some(4, () => this.column(Math.min(depth, 3)))
    const select = `select ${this.maybe(0.1, () => 'distinct ')}${columns}${this.maybe(0.06, () => ',')}`
    return select + this.maybe(0.9, () => ` from ${this.from(depth)}${this.clauses(depth)}`)
  }

  private clauses(depth: number): string {
    const groups: Write[] = [
      () => this.some(3, () => this.expression(1)),
      () => 'all',
      () => `rollup(${this.expression(1)})`,
      () => 'grouping sets ((a), (a, b), ())',
    ]
    const direction = [' desc', ' asc', ' desc nulls last', ' asc nulls first']
    return [
      this.maybe(0.05, () => ` prewhere ${this.expression(1)}`),
      this.maybe(0.6, () => ` where ${this.expression(Math.min(depth, 3))}`),
      this.maybe(0.4, () => ` group by ${this.pick(groups)()}`),
      this.maybe(0.2, () => ` having ${this.expression(2)}`),
      this.maybe(0.05, () => ` qualify ${this.expression(2)}`),
      this.maybe(0.05, () => ' window w as (partition by a order by b)'),
      this.maybe(0.4, () => ` order by ${this.some(3, () => this.order(direction))}`),
      this.maybe(0.08, () => ` limit ${this.pick(['1', '2'])} by ${this.expression(1)}`),
      this.maybe(0.5, () => ` limit ${this.pick(['10', '100', '{n}'])}`),
      this.maybe(0.15, () => this.pick([' offset 5', ', 5', ' with ties'])),
    ].join('')
  }

  private order(directions: readonly string[]): string {
    return this.expression(1) + this.maybe(0.4, () => this.pick(directions))
  }

  private column(depth: number): string {
    return this.pick<Write>([
      () => '*',
      () => this.expression(depth),
      () => `${this.expression(depth)} as ${this.pick(ALIASES)}`,
      () => `${this.expression(depth)} ${this.pick(['foo', 'bar'])}`,
      () => 'e.*',
      () => '* exclude (a, b)',
      () => `foo: ${this.expression(depth)}`,
    ])()
  }

  private from(depth: number): string {
    const conditions = ['on a = b', 'using (a)', 'using a, b', 'on e.x = foo.y and 1', '']
    return [
      this.table(depth),
      this.maybe(0.1, () => ' final'),
      this.maybe(0.08, () => ' sample 0.1'),
      this.maybe(0.3, () => ` ${this.pick(JOINS)} ${this.table(depth)} ${this.pick(conditions)}`),
      this.maybe(0.05, () => `, ${this.table(depth)}`),
      this.maybe(0.06, () => ` ${this.pick(['', 'left '])}array join ${this.expression(1)} as x`),
    ].join('')
  }

  private table(depth: number): string {
    const named = ['events', 'persons', 'sessions', 'system.feature_flags', 'numbers(10)', 't', '{tbl}']
    const table = depth > 0 && this.random() < 0.25 ? `(${this.query(depth - 1)})` : this.pick(named)
    return table + this.maybe(0.5, () => this.pick([' as ', ' ']) + this.pick(['e', 'p', 'foo', '"q t"']))
  }

  private expression(depth: number): string {
    if (depth <= 0) return this.random() < 0.5 ? this.pick(NAMES) : this.pick(LITERALS)
    return this.pick([...this.operators(depth), ...this.forms(depth)])()
  }

  private operators(depth: number): Write[] {
    const inner: Write = () => this.expression(depth - 1)
    const not: Write = () => this.maybe(0.4, () => 'not ')
    return [
      () => `${inner()} ${this.pick(['+', '-', '*', '/', '%', '||', '??'])} ${inner()}`,
      () => `${inner()} ${this.pick(COMPARISONS)} ${inner()}`,
      () => `${inner()} ${this.pick(['and', 'AND', 'or', 'OR'])} ${inner()}`,
      () => `not ${inner()}`,
      () => `-${inner()}`,
      () => `${inner()} ${not()}in (${this.some(3, inner)})`,
      () => `${inner()} ${not()}${this.pick(['like', 'ilike'])} ${inner()}`,
      () => `${inner()} is ${not()}null`,
      () => `${inner()} ${not()}between ${inner()} and ${inner()}`,
      () => `${inner()} ? ${inner()} : ${inner()}`,
      () => `${inner()} is ${not()}distinct from ${inner()}`,
      () => `${inner()} ${not()}in cohort ${this.pick(['1', "'name'"])}`,
      () => `${inner()}::${this.pick(['int', 'String', 'float', 'date', 'timestamp', 'text'])}`,
      () => `${inner()}[${inner()}]`,
      () => `${inner()}[${this.maybe(0.7, inner)}:${this.maybe(0.7, inner)}]`,
      () => `${inner()}.${this.pick(['1', '2', 'name', '`q q`'])}`,
      () => `${inner()}?.${this.pick(['name', '1', "['k']"])}`,
    ]
  }

  private forms(depth: number): Write[] {
    const inner: Write = () => this.expression(depth - 1)
    return [
      () => `(${inner()})`,
      () => `(${inner()}, ${inner()})`,
      () => `[${this.maybe(0.8, () => this.some(3, inner))}]`,
      () => `{'k': ${inner()}, 'm': ${inner()}}`,
      () => `{${this.pick(['filters', 'variables.x', 'a', 'a + 1'])}}`,
      () => `f'x {${inner()}} y'`,
      () => `${this.pick(FUNCTIONS)}(${this.maybe(0.85, () => this.some(3, inner))})`,
      () => `count(distinct ${inner()})`,
      () => `quantile(0.9)(${inner()})`,
      () => `cast(${inner()} as ${this.pick(TYPES)})`,
      () => `interval ${this.pick(['1', '7', '30', '(a)'])} ${this.pick(UNITS)}`,
      () => `arrayFilter(${this.pick(ALIASES)} -> ${inner()}, ${inner()})`,
      () => `arrayMap((${this.pick(ALIASES)}, y) -> ${inner()}, ${inner()}, ${inner()})`,
      () => `(${this.query(depth - 2)})`,
      () => this.caseWhen(inner),
      () => this.windowCall(inner),
    ]
  }

  private caseWhen(inner: Write): string {
    const more = this.maybe(0.3, () => ` when ${inner()} then ${inner()}`)
    const otherwise = this.maybe(0.6, () => ` else ${inner()}`)
    return `case ${this.maybe(0.3, inner)} when ${inner()} then ${inner()}${more}${otherwise} end`
  }

  private windowCall(inner: Write): string {
    const name = this.pick(['sum', 'count', 'avg', 'row_number', 'lag'])
    const partition = this.maybe(0.6, () => `partition by ${this.some(2, inner)} `)
    const order = this.maybe(0.6, () => `order by ${this.some(2, inner)} `)
    const frame = this.maybe(0.3, () => this.pick(FRAMES))
    return `${name}(${this.maybe(0.7, inner)}) over (${partition}${order}${frame})`
  }
}
