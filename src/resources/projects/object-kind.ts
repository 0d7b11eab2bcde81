import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { normalizedTags } from '../ensure.ts'
import type { JsonObject } from './catalog.ts'
import type { ProjectObjectType, ProjectSide } from './project-side.ts'

/** Translates the references in a part of an object. */
export type Translate = (value: unknown) => Promise<unknown>

/** How to compare and copy the objects of one type. */
export interface ObjectKind {
  /** Reads what a list leaves out. Default: the listed object is complete. */
  read?(side: ProjectSide, object: JsonObject): Promise<JsonObject>
  /** Names of the objects of another type that have to be copied first. */
  requires?(object: JsonObject): readonly { readonly type: ProjectObjectType; readonly name: string }[]
  /**
   * Asserts that an object can be copied.
   *
   * @throws ConfigurationError with the reason
   */
  check?(object: JsonObject): void
  /** What a user authored, without the name. */
  fields(object: JsonObject, translate: Translate): Promise<JsonObject>
  /** Creates an object. Returns it as PostHog does. */
  create(side: ProjectSide, name: string, fields: JsonObject): Promise<JsonObject>
  /** Updates the fields of `changed`. */
  update(
    side: ProjectSide,
    object: JsonObject,
    fields: JsonObject,
    changed: readonly string[],
  ): Promise<unknown>
}

/** Some fields of an object. Tags are normalized. */
export function pick(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.map((name) => [name, name === 'tags' ? normalizedTags(object[name] ?? []) : object[name]]),
  )
}

/** The fields that have a value, for the body of a POST. */
export function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  )
}

/** The changed fields, for the body of a PATCH. Null clears a field. */
export function changedFields(fields: JsonObject, changed: readonly string[]): JsonObject {
  return Object.fromEntries(changed.map((name) => [name, fields[name] ?? null]))
}

/** The error about an object that cannot be copied. */
export function cannotCopy(message: string, fix: string): ConfigurationError {
  return new ConfigurationError({ message, fix })
}
