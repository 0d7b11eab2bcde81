import type {
  CallOptions,
  EndpointRegistry,
  HogQL,
  HogQLOptions,
  List,
  ListItem,
  ListOptions,
  ListRoute,
  NamedRow,
  NamedVariables,
  PathBodyInput,
  ProjectClient,
  ProjectRegistry,
  RequestInput,
  RequestOutput,
  Resources,
  Route,
  RowStream,
  RunOptions,
  Whoami,
} from '../index.ts'

/** A value with all fields optional, at any depth. Unknown fields are compiler errors. */
export type DeepPartial<Value> = Value extends
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | ((...args: never) => unknown)
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly DeepPartial<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]?: DeepPartial<Value[Key]> }
      : Value

/**
 * The stub of a method: its result, an error that it rejects with, or a function of its arguments that returns either,
 * also as a promise. `vi.fn` and `jest.fn` are such functions.
 */
export type MethodStub<Args extends readonly unknown[], Result> =
  | Result
  | Error
  | ((...args: Args) => Result | Error | PromiseLike<Result | Error>)

/** What the stub of a method returns: all items of a list, all rows of a stream, or the data of a call. */
export type StubResult<Result> =
  Result extends List<infer Item>
    ? readonly DeepPartial<Item>[]
    : Result extends RowStream<infer Row>
      ? readonly Partial<Row>[]
      : Result extends PromiseLike<infer Data>
        ? DeepPartial<Data>
        : Result extends AsyncIterable<infer Item>
          ? readonly DeepPartial<Item>[]
          : never

/** The stubs of the methods of an object, and of the objects in it. */
export type StubsOf<Members> = {
  readonly [Name in keyof Members]?: Members[Name] extends (...args: infer Args) => infer Result
    ? MethodStub<Args, StubResult<Result>>
    : StubsOf<Members[Name]>
}

/** Rows of a stubbed query, with parts of PostHog's response. */
export interface StubbedRows<Row = object> {
  readonly rows: readonly Row[]
  /** Column names. Default: the names in the first row. */
  readonly columns?: readonly string[] | undefined
  /** ClickHouse type of each column. Default: none, except for columns with bigints or dates. */
  readonly types?: readonly string[] | undefined
  /** The limit that PostHog applied. */
  readonly limit?: number | undefined
  /** Whether PostHog reports more rows. Default: `false`. */
  readonly hasMore?: boolean | undefined
}

/** Rows of a stubbed endpoint, with parts of PostHog's response. */
export interface StubbedRun<Row = object> extends StubbedRows<Row> {
  /** The version that ran. Default: the requested one. */
  readonly version?: number | undefined
}

/** The stub of an endpoint. A function gets the variables and the options. */
export type EndpointStub<Variables, Row> = MethodStub<
  [variables: Variables, options: RunOptions | undefined],
  readonly Row[] | StubbedRun<Row>
>

/** The stub of an endpoint that `EndpointRegistry` does not have. Its function declares the type of its variables. */
export type OtherEndpointStub = readonly object[] | StubbedRun | Error | ((...args: never) => unknown)

/** Stubs of `endpoints.run`, by the name of the endpoint. `EndpointRegistry` types them. */
export type EndpointStubs = [keyof EndpointRegistry] extends [never]
  ? Readonly<Record<string, EndpointStub<Readonly<Record<string, unknown>>, object>>>
  : {
      readonly [Name in keyof EndpointRegistry]?: EndpointStub<NamedVariables<Name>, Partial<NamedRow<Name>>>
    } & Readonly<Record<string, OtherEndpointStub | undefined>>

/** Stubs of the methods of a client, as `stubClient` takes them. */
export type ClientStubs<Project = ProjectRegistry> = StubsOf<Omit<Resources<Project>, 'endpoints'>> & {
  readonly endpoints?: StubsOf<Omit<Resources<Project>['endpoints'], 'run'>> & {
    readonly run?: EndpointStubs
  }
  /** Rows of `hogql`, `hogql.all` and `export`. A function gets the query and the options. */
  readonly hogql?: MethodStub<
    [query: HogQL<unknown>, options: HogQLOptions | undefined],
    readonly object[] | StubbedRows
  >
  /** Data of `request` and of the functions of `typehog/api`, by route. */
  readonly request?: {
    readonly [R in Route]?: MethodStub<
      [input: RequestInput<R> | undefined, options: CallOptions | undefined],
      DeepPartial<RequestOutput<R>>
    >
  }
  /** Items of `list`, by route. */
  readonly list?: {
    readonly [R in ListRoute]?: MethodStub<
      [input: RequestInput<R & Route> | undefined, options: ListOptions | undefined],
      readonly DeepPartial<ListItem<R>>[]
    >
  }
  readonly get?: PathStub
  readonly post?: PathStub
  readonly patch?: PathStub
  readonly put?: PathStub
  readonly delete?: PathStub
  readonly whoami?: MethodStub<[], DeepPartial<Whoami>>
  /** The client of another project, by id. Default: the same stubs. */
  readonly project?: (id: number | string) => ProjectClient<Project>
}

/** The stub of a method that takes any path. */
export type PathStub = ((path: string, input: PathBodyInput | undefined) => unknown) | Error

/** A call that a stubbed client received. */
export interface StubCall {
  /** The method, such as `featureFlags.list`, or a route for `request` and `list`. */
  readonly method: string
  readonly args: readonly unknown[]
  /** The project of the client. */
  readonly projectId: number | string | undefined
}

/** A client whose methods answer from stubs. */
export type StubbedClient<Project = ProjectRegistry> = ProjectClient<Project> & {
  /** Every call, in order, also those of the clients derived from it. */
  readonly calls: readonly StubCall[]
}
