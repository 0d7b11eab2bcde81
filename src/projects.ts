/**
 * Comparison and copy of objects between projects.
 *
 * @module typehog/projects
 */

export { compareProjects, copyProject, type ProjectClient } from './client/project-copies.ts'
export type {
  ComparedObject,
  CompareOptions,
  ProjectSelection,
} from './resources/projects/compare-projects.ts'
export type { CopiedObject, CopyOptions } from './resources/projects/copy-projects.ts'
export type { ObjectChange } from './resources/projects/json-changes.ts'
export type { ProjectObjectType } from './resources/projects/project-side.ts'
