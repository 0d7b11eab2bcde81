import type { Lists } from '../generated/operations.gen.ts'

/** A method and a path that answer a list. */
export type ListRoute = keyof Lists

/** One item of a list. */
export type ListItem<R extends ListRoute> = Lists[R]
