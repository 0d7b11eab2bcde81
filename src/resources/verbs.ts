import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type DeleteManyOptions, type DeletionReport, deleteMany } from './delete-many.ts'
import {
  type BodyMethod,
  type IdBodyMethod,
  type IdMethod,
  type ListMethod,
  listMethod,
  method,
} from './methods.ts'
import type {
  BodyOf,
  CallOptions,
  IdOf,
  Known,
  KnownList,
  ListRoute,
  Requester,
  ResponseOf,
  Route,
} from './requester.ts'

/** A factory that creates a resource for a client. */
export type Resource<T> = (api: Requester) => T

/** A resource with `list`. */
export interface Listable<R extends ListRoute> {
  /**
   * Lists objects. Await it for the first page, or iterate over all pages. Filters are PostHog's own.
   *
   * @throws PermissionError when the key lacks a scope
   * @example for await (const cohort of posthog.cohorts.list()) console.log(cohort.name)
   */
  list: ListMethod<R>
}

/** A resource with `get`. */
export interface Readable<R extends Route> {
  /**
   * Reads an object by id.
   *
   * @throws NotFoundError if it does not exist
   * @example const cohort = await posthog.cohorts.get(7)
   */
  get: IdMethod<R>
}

/** A resource with `create`. */
export interface Creatable<R extends Route, Body extends BodyOf<R> = BodyOf<R>> {
  /**
   * Creates an object. Field names are those of PostHog's API.
   *
   * Typehog does not retry it if PostHog may have created the object already.
   *
   * @throws BadRequestError for a field that PostHog rejects, named in `attr`
   * @example const { id } = await posthog.annotations.create({ content: 'Deployed 1.4.0', scope: 'project' })
   */
  create: BodyMethod<R, Body>
}

/** A resource with `update`. */
export interface Updatable<R extends Route, Body extends BodyOf<R> = BodyOf<R>> {
  /**
   * Updates the given fields of an object. Other fields stay unchanged.
   *
   * @throws NotFoundError if it does not exist; BadRequestError for a field that PostHog rejects
   * @example await posthog.cohorts.update(7, { name: 'Paying customers' })
   */
  update: IdBodyMethod<R, Body>
}

/** A resource with `delete`. */
export interface Deletable<R extends Route> {
  /**
   * Deletes an object permanently.
   *
   * @throws NotFoundError if it does not exist
   * @example await posthog.surveys.delete(id)
   */
  delete(id: IdOf<R>, options?: CallOptions): APIPromise<void>
}

/** A resource with `delete` and `deleteMany`. */
export interface HardDeletable<R extends Route> extends Deletable<R> {
  /**
   * Deletes several objects, 4 at a time. A failure does not stop the rest. `dryRun` reads the objects and deletes
   * none.
   *
   * @example const { deleted, failed } = await posthog.surveys.deleteMany(ids, { dryRun: true })
   */
  deleteMany(
    ids: Iterable<IdOf<R>> | AsyncIterable<IdOf<R>>,
    options?: DeleteManyOptions,
  ): Promise<DeletionReport<IdOf<R>>>
}

/** A resource with soft deletion: deleted objects are hidden and can be restored. */
export interface SoftDeletable<R extends Route> {
  /**
   * Soft-deletes an object by setting its field `deleted`. `restore` undoes it.
   *
   * @throws NotFoundError if it does not exist
   * @example await posthog.insights.delete(7)
   */
  delete(id: IdOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
  /**
   * Deletes several objects, 4 at a time. A failure does not stop the rest. `dryRun` reads the objects and deletes
   * none.
   *
   * @example const { deleted, failed } = await posthog.actions.deleteMany([7, 8], { dryRun: true })
   */
  deleteMany(
    ids: Iterable<IdOf<R>> | AsyncIterable<IdOf<R>>,
    options?: DeleteManyOptions,
  ): Promise<DeletionReport<IdOf<R>>>
  /**
   * Restores a deleted object.
   *
   * @throws NotFoundError if it does not exist
   * @example await posthog.insights.restore(7)
   */
  restore(id: IdOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** A resource with `list`, `get`, `create` and `update`. `All` is the list path, `One` the object path. */
export interface Collection<All extends string, One extends string>
  extends Listable<KnownList<`GET ${All}`>>,
    Readable<Known<`GET ${One}`>>,
    Creatable<Known<`POST ${All}`>>,
    Updatable<Known<`PATCH ${One}`>> {}

/** Creates `list`, `get`, `create` and `update` from the list path and the object path. */
export function collection<All extends string, One extends string>(
  api: Requester,
  all: All,
  one: One,
): Collection<All, One> {
  return {
    list: listMethod(api, `GET ${all}` as KnownList<`GET ${All}`>, 'query?'),
    get: method(api, `GET ${one}` as Known<`GET ${One}`>, 'id'),
    create: method(api, `POST ${all}` as Known<`POST ${All}`>, 'body'),
    update: method(api, `PATCH ${one}` as Known<`PATCH ${One}`>, 'id, body'),
  }
}

/** Creates `delete` from a route. */
export function deletes<R extends Route>(api: Requester, route: R): Deletable<R> {
  // The response to a deletion has no body.
  return { delete: method(api, route, 'id') as Deletable<R>['delete'] }
}

/** Creates `delete` and `deleteMany` from the object path. */
export function hardDeletes<One extends string>(
  api: Requester,
  one: One,
): HardDeletable<Known<`DELETE ${One}`>> {
  const { delete: remove } = deletes(api, `DELETE ${one}` as Known<`DELETE ${One}`>)
  return { delete: remove, deleteMany: bulkDelete(api, one, remove) }
}

/** Creates `delete`, `deleteMany` and `restore` from the object path. */
export function softDeletes<One extends string>(
  api: Requester,
  one: One,
): SoftDeletable<Known<`PATCH ${One}`>> {
  const update = method(api, `PATCH ${one}` as Known<`PATCH ${One}`>, 'id, body')
  type Id = IdOf<Known<`PATCH ${One}`>>
  // PostHog restores a dashboard only if the body has no other field.
  const setDeleted = (deleted: boolean) => (id: Id, options?: CallOptions) =>
    update(id, { deleted } as BodyOf<Known<`PATCH ${One}`>>, options)
  return {
    delete: setDeleted(true),
    deleteMany: bulkDelete(api, one, setDeleted(true)),
    restore: setDeleted(false),
  }
}

/** Creates `deleteMany` from the object path, which a dry run reads. */
function bulkDelete<Id>(
  api: Requester,
  one: string,
  remove: (id: Id, options: CallOptions) => PromiseLike<unknown>,
): (ids: Iterable<Id> | AsyncIterable<Id>, options?: DeleteManyOptions) => Promise<DeletionReport<Id>> {
  const read = method(api, `GET ${one}` as Route, 'id') as unknown as typeof remove
  return async (ids, options) => deleteMany(ids, read, remove, options)
}
