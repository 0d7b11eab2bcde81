import type { TypehogConfig } from '../shared/typehog-config.ts'
import type { AreaReport } from './area-report.ts'
import type { Context } from './context.ts'
import { checkEndpoints } from './endpoints/check-command.ts'
import { checkSettings, pullSettings } from './endpoints/options.ts'
import { pullEndpoints } from './endpoints/pull-command.ts'
import { checkProject } from './project/check-command.ts'
import { projectSettings } from './project/options.ts'
import { pullProject } from './project/pull-command.ts'
import { checkQueries } from './queries/check-command.ts'
import { pullQueries } from './queries/pull-command.ts'
import { checkSchemaCommand } from './schema/check-command.ts'
import { schemaSettings } from './schema/commands.ts'
import { pullSchemaCommand } from './schema/pull-command.ts'

/** A part of a project that `typehog pull` writes and `typehog check` checks: a section of the configuration file. */
export interface Area {
  readonly name: keyof TypehogConfig
  /** Writes the files of the area. */
  pull(context: Context, config: TypehogConfig): Promise<AreaReport>
  /** Compares the files of the area with the server. */
  check(context: Context, config: TypehogConfig): Promise<AreaReport>
}

/** The areas, in the order of help and questions. */
export const areas: readonly Area[] = [
  {
    name: 'endpoints',
    pull: (context, { endpoints }) => {
      const { names, options } = pullSettings(endpoints)
      return pullEndpoints(context, names, options)
    },
    check: (context, { endpoints }) => checkEndpoints(context, checkSettings(endpoints)),
  },
  {
    name: 'queries',
    pull: (context, { queries }) => pullQueries(context, queries ?? {}),
    check: (context, { queries }) => checkQueries(context, queries ?? {}),
  },
  {
    name: 'project',
    pull: (context, { project }) => pullProject(context, projectSettings(project, {})),
    check: (context, { project }) => checkProject(context, projectSettings(project, {})),
  },
  {
    name: 'schema',
    pull: (context, { schema }) => pullSchemaCommand(context, undefined, schemaSettings(schema, {})),
    check: (context, { schema }) => checkSchemaCommand(context, undefined, schemaSettings(schema, {})),
  },
]

/** The areas of a configuration, in the order of its file. */
export function configuredAreas(config: TypehogConfig): Area[] {
  return Object.keys(config).flatMap((key) => areas.find(({ name }) => name === key) ?? [])
}
