import type { UserConfig } from '@hey-api/openapi-ts'

type Plugin = Extract<NonNullable<UserConfig['plugins']>[number], { name: string }>
type TypeScriptPlugin = Extract<Plugin, { name: '@hey-api/typescript' }>
type ZodPlugin = Extract<Plugin, { name: 'zod' }>

/**
 * Types of enums stay open: PostHog adds values between releases, and a value that the compiler does not know
 * must still be representable. Single-valued enums are discriminators (`kind: 'TrendsQuery'`) and stay closed.
 */
export const openEnumTypes: NonNullable<TypeScriptPlugin['~resolvers']> = {
  enum(ctx) {
    const { $, schema } = ctx
    const values = (schema.items ?? []).map((item) => item.const).filter((value) => value !== undefined)
    const strings = values.filter((value) => typeof value === 'string')
    if (strings.length < 2) return undefined
    const literals = values.map((value) => $.type.fromValue(value))
    return $.type.or(...literals, $.type.and($.type('string'), $.type.object()))
  },
}

/**
 * Validators follow the types: open enums accept any string, integers and floats are both numbers (the schema
 * calls some floats integers), so that real answers are not refused over a detail nobody relies on.
 */
export const lenientValidators: NonNullable<ZodPlugin['~resolvers']> = {
  enum(ctx) {
    const { $, symbols } = ctx
    const { allStrings, literalMembers } = ctx.nodes.items(ctx)
    if (!allStrings || literalMembers.length < 2) return undefined
    ctx.chain.current = $(symbols.z).attr('string').call()
    return ctx.chain.current
  },
  number(ctx) {
    const { $, schema, symbols } = ctx
    if (schema.const !== undefined) return undefined
    ctx.chain.current = $(symbols.z).attr('number').call()
    return ctx.chain.current
  },
}
