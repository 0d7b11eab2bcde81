import { describe, expect, it } from 'vitest'
import { parseHogql } from '../../../src/local/sql/parse.ts'

describe('what callers may not run', () => {
  it.each([
    ['', /empty/],
    [';', /empty/],
    ['drop table events', /Only SELECT/],
    ['insert into events select 1', /Only SELECT/],
    ['explain select 1', /Only SELECT/],
    ['set readonly = 0', /Only SELECT/],
    ['describe events', /Only SELECT/],
    ['from events select 1', /Only SELECT/],
    ['select 1; drop table events', /one statement/],
    ['select 1;;select 2', /one statement/],
    ["select 1 into outfile '/tmp/x'", /OUTFILE/],
    ["select 1 InTo /* */ OutFile '/tmp/x'", /OUTFILE/],
    ['select 1 settings readonly = 0', /SETTINGS/],
    ['select 1 format CSV', /FORMAT/],
    ["select file('/etc/passwd')", /file/],
    ["select FILE('/etc/passwd')", /FILE/],
    ['select "file"(\'/etc/passwd\')', /file/],
    ["select `file` ('/etc/passwd')", /file/],
    ["select file/* x */('/etc/passwd')", /file/],
    ["select * from url('http://127.0.0.1/')", /url/],
    ["select * from s3('x')", /s3/],
    ["select * from s3Cluster('c', 'x')", /s3Cluster/],
    ["select * from remote('127.0.0.1', system.one)", /remote/],
    ["select * from executable('ls', CSV, 'a String')", /executable/],
    ["select * from python('x')", /python/],
    ["select * from merge('typehog_1', '.*')", /merge/],
    ["select dictGet('d', 'a', 1)", /dictGet/],
    ["select joinGet('d', 'a', 1)", /joinGet/],
    ["select getSetting('readonly')", /getSetting/],
    ['select hostName()', /hostName/],
    ['select sleep(3)', /sleep/],
    ['select * from system.tables', /system.tables/],
    ['select * from `system`.`tables`', /system.tables/],
    ['select 1 where 1 in system.tables', /system.tables/],
    ['select * from information_schema.tables', /information_schema/],
    ['select * from typehog_2.events', /typehog_2/],
    ['select 1 from events, secrets', /secrets/],
    ['select 1 from events e join secrets s on 1 = 1', /secrets/],
    ['select 1 from events e join persons p on 1 = 1, secrets', /secrets/],
    ['select * from (select * from secrets)', /secrets/],
    ['with a as (select * from secrets) select * from a', /secrets/],
    ['select 1 union all select * from secrets', /secrets/],
    ['select (select 1 from secrets)', /secrets/],
    ['select exists(from secrets select 1)', /FROM stands before SELECT/],
    ['select 1 from generateRandom()', /generateRandom/],
    ['select (1', /never closed/],
    ['select 1)', /unexpected/],
  ])('refuses %s', (sql, reason) => {
    expect(() => parseHogql(sql)).toThrow(reason)
  })

  it.each([
    "select 'drop table events; select * from system.tables'",
    'select 1 ;',
    '(select 1) union all (select 2)',
    'with a as (select 1 as x) select x from a',
    'select extract(year from timestamp) from events',
    "select trim(both ' ' from event) from events",
    'select 1 from events e left join persons as p on p.id = e.person_id',
    'select x from events array join [1, 2] as x, [3] as y',
    'select number from numbers(10)',
    'select event as format from events',
    'select settings from (select 1 as settings)',
    'select `file` from (select 1 as `file`)',
  ])('lets %s pass', (sql) => {
    expect(parseHogql(sql).text).toBe(sql)
  })
})
