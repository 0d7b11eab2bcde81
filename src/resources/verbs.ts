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

/** Makes a resource for a client. */
export type Resource<T> = (api: Requester) => T

/** A resource whose objects can be listed. */
export interface Listable<R extends ListRoute> {
  /**
   * The objects, page by page: await it for the first page, loop over it for all. Filters are PostHog's own.
   *
   * @throws PermissionError when the key lacks a scope
   * @example for await (const cohort of posthog.cohorts.list()) console.log(cohort.name)
   */
  list: ListMethod<R>
}

/** A resource whose objects can be read one by one. */
export interface Readable<R extends Route> {
  /**
   * One object by its id.
   *
   * @throws NotFoundError when there is none
   * @example const cohort = await posthog.cohorts.get(7)
   */
  get: IdMethod<R>
}

/** A resource whose objects can be created. */
export interface Creatable<R extends Route> {
  /**
   * Creates an object. Fields are spelled as PostHog's API spells them.
   *
   * Not sent again when it is not known whether PostHog acted.
   *
   * @throws BadRequestError for a field that PostHog does not take, by name in `attr`
   * @example const { id } = await posthog.annotations.create({ content: 'Deployed 1.4.0', scope: 'project' })
   */
  create: BodyMethod<R>
}

/** A resource whose objects can be changed. */
export interface Updatable<R extends Route> {
  /**
   * Changes the fields that it is given, and no others.
   *
   * @throws NotFoundError when there is no such object; BadRequestError for a field that PostHog does not take
   * @example await posthog.cohorts.update(7, { name: 'Paying customers' })
   */
  update: IdBodyMethod<R>
}

/** A resource whose objects can be removed. */
export interface Deletable<R extends Route> {
  /**
   * Deletes an object. There is no way back.
   *
   * @throws NotFoundError when there is none
   * @example await posthog.surveys.delete(id)
   */
  delete(id: IdOf<R>, options?: CallOptions): APIPromise<void>
}

/** A resource whose objects can be removed, several at once too. */
export interface HardDeletable<R extends Route> extends Deletable<R> {
  /**
   * Deletes several objects, a few at a time; one that fails does not stop the others. `dryRun` reads them and
   * changes nothing.
   *
   * @example const { deleted, failed } = await posthog.surveys.deleteMany(ids, { dryRun: true })
   */
  deleteMany(
    ids: Iterable<IdOf<R>> | AsyncIterable<IdOf<R>>,
    options?: DeleteManyOptions,
  ): Promise<DeletionReport<IdOf<R>>>
}

/** A resource whose objects are hidden when they are deleted, and can be brought back. */
export interface SoftDeletable<R extends Route> {
  /**
   * Deletes an object so that it can be restored: PostHog refuses to remove it, and this sets its field `deleted`.
   *
   * @throws NotFoundError when there is none
   * @example await posthog.insights.delete(7)
   */
  delete(id: IdOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
  /**
   * Deletes several objects, a few at a time; one that fails does not stop the others. `dryRun` reads them and
   * changes nothing.
   *
   * @example const { deleted, failed } = await posthog.actions.deleteMany([7, 8], { dryRun: true })
   */
  deleteMany(
    ids: Iterable<IdOf<R>> | AsyncIterable<IdOf<R>>,
    options?: DeleteManyOptions,
  ): Promise<DeletionReport<IdOf<R>>>
  /**
   * Brings back a deleted object.
   *
   * @throws NotFoundError when there is none
   * @example await posthog.insights.restore(7)
   */
  restore(id: IdOf<R>, options?: CallOptions): APIPromise<ResponseOf<R>>
}

/** What most resources can do, by the paths of all objects and of one. */
export interface Collection<All extends string, One extends string>
  extends Listable<KnownList<`GET ${All}`>>,
    Readable<Known<`GET ${One}`>>,
    Creatable<Known<`POST ${All}`>>,
    Updatable<Known<`PATCH ${One}`>> {}

/** `list`, `get`, `create` and `update` by the paths of all objects and of one. */
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

/** `delete` of a route. */
export function deletes<R extends Route>(api: Requester, route: R): Deletable<R> {
  // What a deletion answers is empty.
  return { delete: method(api, route, 'id') as Deletable<R>['delete'] }
}

/** `delete` and `deleteMany` by the path of one object. */
export function hardDeletes<One extends string>(
  api: Requester,
  one: One,
): HardDeletable<Known<`DELETE ${One}`>> {
  const { delete: remove } = deletes(api, `DELETE ${one}` as Known<`DELETE ${One}`>)
  return { delete: remove, deleteMany: removingMany(api, one, remove) }
}

/** `delete`, `deleteMany` and `restore` by the path of one object. */
export function softDeletes<One extends string>(
  api: Requester,
  one: One,
): SoftDeletable<Known<`PATCH ${One}`>> {
  const update = method(api, `PATCH ${one}` as Known<`PATCH ${One}`>, 'id, body')
  type Id = IdOf<Known<`PATCH ${One}`>>
  // PostHog restores a dashboard only when nothing else is in the body.
  const write = (deleted: boolean) => (id: Id, options?: CallOptions) =>
    update(id, { deleted } as BodyOf<Known<`PATCH ${One}`>>, options)
  return {
    delete: write(true),
    deleteMany: removingMany(api, one, write(true)),
    restore: write(false),
  }
}

/** `deleteMany` by the path of one object, which is read for a dry run. */
function removingMany<Id>(
  api: Requester,
  one: string,
  remove: (id: Id, options: CallOptions) => PromiseLike<unknown>,
): (ids: Iterable<Id> | AsyncIterable<Id>, options?: DeleteManyOptions) => Promise<DeletionReport<Id>> {
  const read = method(api, `GET ${one}` as Route, 'id') as unknown as typeof remove
  return async (ids, options) => deleteMany(ids, read, remove, options)
}
