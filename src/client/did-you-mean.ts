/**
 * A known route itself, or else a type that names the nearest routes in the compiler's message. No value has that type,
 * so a call accepts known routes only.
 *
 * `posthog.request('GET /api/user/')` is not assignable to a parameter of type
 * `keyof Operations | DidYouMean<"GET /api/users/">`.
 */
export type RouteHint<Text extends string, Known extends string> = string extends Text
  ? never
  : [Text] extends [Known]
    ? Text
    : NearestRoutes<Text, Known> extends infer Found
      ? [Found] extends [never]
        ? never
        : DidYouMean<Found>
      : never

declare const nearest: unique symbol

/** The nearest routes of a misspelled one, for the compiler's message. No value has this type. */
export interface DidYouMean<Routes> {
  readonly [nearest]: Routes
}

/**
 * The route with a slash at its end; else those with the path, whatever the method; else those that end with the path;
 * else those with the longest common start. The compiler computes it for misspelled routes only.
 */
type NearestRoutes<Text extends string, Known extends string> = Text extends `${infer Method} ${infer Path}`
  ? `${Text}/` extends Known
    ? `${Text}/`
    : Or<
        Extract<Known, `${string} ${Path}`>,
        Or<
          Extract<Known, `${Method} ${string}${Path}`>,
          CommonSegments<Path extends `${string}/` ? Text : `${Text}/`, Known>
        >
      >
  : Text extends `/${string}`
    ? Extract<Known, `${string} ${Text}`>
    : never

type Or<First, Second> = [First] extends [never] ? Second : First

/** Follows the segments of a route as long as a known route starts with them. `Start` is what it has followed. */
type CommonSegments<
  Text extends string,
  Known extends string,
  Start extends string = '',
> = Text extends `${infer Segment}/${infer Rest}`
  ? Extract<Known, `${Start}${Segment}/${string}`> extends infer Found extends string
    ? [Found] extends [never]
      ? CommonCharacters<Text, Known, Start>
      : CommonSegments<Rest, Found, `${Start}${Segment}/`>
    : never
  : CommonCharacters<Text, Known, Start>

/** Does the same by characters, in the segment that no known route has. */
type CommonCharacters<
  Text extends string,
  Known extends string,
  Start extends string,
> = Text extends `${infer Character}${infer Rest}`
  ? Extract<Known, `${Start}${Character}${string}`> extends infer Found extends string
    ? [Found] extends [never]
      ? CommonEnd<Text, Or<SameDepth<Known, Start, Text>, Known>, Start>
      : CommonCharacters<Rest, Found, `${Start}${Character}`>
    : never
  : Known

/** The routes with as many segments after `Start` as the text. */
type SameDepth<
  Known extends string,
  Start extends string,
  Text extends string,
> = Known extends `${Start}${infer Tail}` ? (Slashes<Tail> extends Slashes<Text> ? Known : never) : never

type Slashes<Text extends string> = Text extends `${string}/${infer Rest}` ? `/${Slashes<Rest>}` : ''

/** The routes with the longest common end. Without any, they are near only if they share a part of a segment. */
type CommonEnd<Text extends string, Known, Start extends string> = Text extends '/' | ''
  ? Start extends `${string}/`
    ? never
    : Known
  : [Extract<Known, `${string}${Text}`>] extends [never]
    ? Text extends `${string}${infer Rest}`
      ? CommonEnd<Rest, Known, Start>
      : never
    : Extract<Known, `${string}${Text}`>
