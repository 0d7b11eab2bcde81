import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChdbEngine } from '../../../src/local/engine/chdb-engine.ts'
import { type Sandbox, SECRET, startSandbox } from './sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const runSql = (sql: string): Promise<string> => sandbox.runSql(sql)

/** Every way to name a function in ClickHouse, and some that it may get. */
const FORMS = [
  (name: string, argument: string) => `select ${name}(${argument})`,
  (name: string, argument: string) => `select * apply(${name}) from (select ${argument} as x)`,
  (name: string, argument: string) => `select * apply ${name} from (select ${argument} as x)`,
  (name: string, argument: string) =>
    `select * except(y) apply ${name} from (select ${argument} as x, 1 as y)`,
  (name: string, argument: string) =>
    `select columns('x') /**/ apply(v -> ${name}(v)) from (select ${argument} as x)`,
  (name: string, argument: string) => `select t.* apply ${name} from (select ${argument} as x) as t`,
  (name: string, argument: string) => `select * replace(${name}(x) as x) from (select ${argument} as x)`,
  (name: string, argument: string) => `select arrayMap(${name}, [${argument}])`,
  (name: string, argument: string) => `select arrayMap((${name}), [${argument}])`,
  (name: string, argument: string) => `select arrayMap(${name} as f, [${argument}])`,
  (name: string, argument: string) => `select arrayMap((${name}) f, [${argument}])`,
  (name: string, argument: string) => `select arrayMap(x -> ${name}(x), [${argument}])`,
  (name: string, argument: string) => `select "arrayMap"(${name}, [${argument}])`,
  (name: string, argument: string) => `select arrayFilter(x -> 1, arrayMap(${name}, [${argument}]))`,
  (name: string, argument: string) => `with (x -> ${name}(x)) as f select f(${argument})`,
  (name: string, argument: string) => `with ${name} as f select arrayMap(f, [${argument}])`,
  (name: string, argument: string) => `select 1 as ${name} from (select arrayMap(${name}, [${argument}]))`,
  (name: string, argument: string) => `select arrayReduce('${name}', [${argument}])`,
  (name: string, argument: string) => `select arrayReduce('${name}If', [${argument}], [1])`,
  (name: string, argument: string) => `select 1 order by ${name}(${argument})`,
  (name: string, argument: string) => `select count() from events where event in ${name}(${argument})`,
  (name: string, argument: string) => `select * from ${name}(${argument})`,
  (name: string, argument: string) => `select * from (${name}(${argument}))`,
  (name: string, argument: string) => `select * from events, ${name}(${argument}) as t`,
  (name: string, argument: string) => `select * from events e join ${name}(${argument}) t on 1 = 1`,
  (name: string, argument: string) => `select * from (select 1) union all select * from ${name}(${argument})`,
]
const spellings = (name: string): string[] => [
  name,
  name.toUpperCase(),
  `\`${name}\``,
  `"${name}"`,
  `/* */${name} `,
]

describe('SQL of the local PostHog', () => {
  it('never reads files, wherever a function is called and however it is spelled', async () => {
    const read: string[] = []
    for (const form of FORMS) {
      for (const name of spellings('file')) {
        const sql = form(name, `'${sandbox.file}'`)
        const result = await runSql(sql)
        if (result.startsWith('rows') || result.includes(SECRET)) read.push(sql)
      }
    }
    expect(read).toEqual([])
  })

  it.each([
    ...[
      'url',
      's3',
      's3Cluster',
      'remote',
      'remoteSecure',
      'executable',
      'mysql',
      'postgresql',
      'sqlite',
      'odbc',
    ],
    ...[
      'jdbc',
      'hdfs',
      'azureBlobStorage',
      'iceberg',
      'deltaLake',
      'hudi',
      'mongodb',
      'redis',
      'gcs',
      'cosn',
    ],
    ...[
      'cluster',
      'clusterAllReplicas',
      'merge',
      'view',
      'viewExplain',
      'loop',
      'input',
      'dictionary',
      'python',
    ],
    ...[
      'generateRandom',
      'fuzzJSON',
      'fuzzQuery',
      'zeros',
      'generateSeries',
      'null',
      'format',
      'filesystem',
      'eval',
    ],
    ...['arrowFlight', 'ytsaurus', 'prometheusQuery', 'timeSeriesData', 'mergeTreeIndex', 'numbers_mt'],
  ])('rejects the table function %s', async (name) => {
    for (const source of [
      `${name}('a')`,
      `\`${name}\`('a')`,
      `${name.toUpperCase()} ('a')`,
      `(${name}('a'))`,
    ]) {
      expect(await runSql(`select * from ${source}`)).toMatch(
        /^error .*(Unknown table|Unsupported function|no viable alternative)/,
      )
    }
  })

  it.each([
    ...['dictGet', 'dictGetString', 'dictHas', 'joinGet', 'catboostEvaluate', 'evalMLMethod', 'regionToName'],
    ...['sleep', 'sleepEachRow', 'getSetting', 'getServerSetting', 'getMacro', 'hostName', 'fqdn', 'tcpPort'],
    ...[
      'filesystemAvailable',
      'filesystemCapacity',
      'serverUUID',
      'currentUser',
      'currentDatabase',
      'uptime',
    ],
    ...['addressToLine', 'demangle', 'logTrace', 'showCertificate', 'zookeeperSessionUptime', 'aiGenerate'],
    ...[
      'hasColumnInTable',
      'structureToProtobufSchema',
      'formatRow',
      'executable',
      'aggThrow',
      '__actionName',
    ],
  ])('rejects the function %s', async (name) => {
    expect(await runSql(`select ${name}(1)`)).toContain('Unsupported function call')
    for (const form of FORMS.slice(1, 14)) expect(await runSql(form(name, '1'))).toMatch(/^error /)
    expect(await runSql(`select ${name}`)).toMatch(/^error /)
  })

  it.each([
    'select * from system.one',
    'select * from `system`.`databases`',
    'select 1 where 0 in system.one',
    'select in(0, system.one)',
    'select notIn(0, "system"."one")',
    'select * from INFORMATION_SCHEMA.tables',
    'select count() from default.x',
    'select count() from typehog_2.events',
    'select * from (show databases)',
    'select * from ((show tables))',
    'select (explain select 1)',
    'select * from (describe events)',
    'select 1; select 2',
    'select 1;/* */select 2',
    'select 1 settings max_execution_time = 0',
    'select * from (select 1 settings readonly = 0)',
    "select 1 into outfile '/tmp/x'",
    "select 1 from events into outfile '/tmp/x' format CSV",
    'select 1 format CSV',
    'select @@version',
    'select {x:Identifier}',
  ])('rejects %s', async (sql) => {
    expect(await runSql(sql)).toMatch(/^error /)
  })

  it('rejects a function name in place of a lambda', async () => {
    expect(await runSql('select arrayMap(toString, [1])')).toMatch(/^error /)
    const columns = 'select arraySum(xs), arraySort((xs)) from (select [2, 1] as xs)'
    expect(await runSql(columns)).toBe('rows [{"arraySum(xs)":3,"arraySort(xs)":[1,2]}]')
  })

  it.each([
    ["select arrayReduce('aggThrow(1)', [1])", "'aggThrow(1)' is not supported."],
    ["select arrayReduce('quantile(0.5)', [1])", "'quantile(0.5)' is not supported."],
    [
      'select arrayReduce(event, [1]) from events',
      "Expected constant string as first arg in function 'arrayReduce'",
    ],
    [
      'select quantile(0.5) within group (order by number) from numbers(3)',
      "Aggregation 'quantile' with WITHIN GROUP is not supported",
    ],
  ])('rejects the aggregation of %s', async (sql, message) => {
    expect(await runSql(sql)).toContain(message)
  })

  it('accepts queries that PostHog users write', async () => {
    for (const sql of [
      'select quantile(0.9)(n), sumIf(n, n > 1), uniqMerge(u), groupArraySample(2)(n) from (select number as n, uniqState(number) as u from numbers(5) group by n)',
      'select x::Int64, cast(x as Nullable(String)), toInt(x) from (select 1 as x)',
      "select arrayReduce('sum', [1, 2]), arrayReduce('avg', [1, 2])",
      'select count() filter (where number > 1), row_number() over (order by number) as r from numbers(3) group by number',
      'select t.a, u.b from ((select 1 as a) as t join (select 1 as b) as u on t.a = u.b)',
      'select `apply`, file from (select 1 as `apply`, 2 as file)',
    ]) {
      expect(await runSql(sql)).toMatch(/^rows /)
    }
  })

  it.each([
    ['12,000 brackets', `select ${'('.repeat(12_000)}1${')'.repeat(12_000)}`],
    ['12,000 calls', `select ${'toString('.repeat(12_000)}1${')'.repeat(12_000)}`],
    ['12,000 lists', `select ${'['.repeat(12_000)}1${']'.repeat(12_000)}`],
    ['12,000 signs', `select ${'- '.repeat(12_000)}1`],
    ['12,000 casts', `select 1${'::String'.repeat(12_000)}`],
    ['3,000 cases', `select ${'case when 1 then '.repeat(3_000)}1${' else 1 end'.repeat(3_000)}`],
    [
      'aliases that double 40 times',
      `select 'ab' as a0${Array.from({ length: 40 }, (_, n) => `, concat(a${n}, a${n}) as a${n + 1}`).join('')}`,
    ],
    ['range(5e8)', 'select range(500000000)'],
    ['a text of a gigabyte', "select length(repeat('x', 1000000000))"],
    ['a list of a billion', 'select arrayWithConstant(1000000000, 1)'],
    ['a text of 300,000 characters', `select '${'x'.repeat(300_000)}'`],
  ])('stops %s with an error within a second of CPU time, and keeps working', async (_, sql) => {
    const started = process.cpuUsage()
    expect(await runSql(sql)).toMatch(/^error /)
    // The engine runs in this process, so its CPU time does not depend on the load of the machine.
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1_000).toBeLessThan(1_000)
    expect(await runSql('select 1 as n')).toBe('rows [{"n":1}]')
  })
})

describe('the embedded engine', () => {
  it('cannot access files, URLs or other databases, whatever SQL it runs', async () => {
    const engine = await openChdbEngine(undefined, 'limits')
    const errorOf = (sql: string): Promise<string> =>
      engine.query(sql, {}).then(
        () => 'none',
        (error: Error) => error.message,
      )
    for (const source of [
      `file('${sandbox.file}', LineAsString)`,
      "url('http://127.0.0.1:1/', LineAsString)",
      "remote('127.0.0.1:1', system.one)",
      "executable('ls', TSV, 'a String')",
      "sqlite('/tmp/x.db', 't')",
      "s3('http://127.0.0.1:1/bucket/x', LineAsString)",
    ]) {
      expect(await errorOf(`select * from ${source}`)).toMatch(/Not enough privileges|readonly/)
    }
    const table = `${engine.database}.copied`
    await engine.command(`create table ${table} (x String) engine = MergeTree order by x`)
    const insert = engine.command(`insert into ${table} select * from file('${sandbox.file}', LineAsString)`)
    await expect(insert).rejects.toThrow('Not enough privileges')
    await expect(engine.command('create database other')).rejects.toThrow('Not enough privileges')
    expect(await errorOf('set max_execution_time = 0')).toContain('readonly')
    await expect(
      engine.command("create table typehog_x.t (x String) engine = File(TSV, '/tmp/x')"),
    ).rejects.toThrow()
    await engine.close()
  })
})
