import { isObject } from '../shared/is-object.ts'
import { describeStub } from './answers.ts'

/** An object of methods and further objects. */
export type Members = Readonly<Record<string, unknown>>

/** A call of a method without a stub. */
export class NotStubbedError extends Error {
  override readonly name = 'NotStubbedError'
  readonly code = 'ERR_NOT_STUBBED'
  /** The method, such as `cohorts.list`. */
  readonly method: string

  constructor(method: string, path: readonly string[]) {
    const stub = path.reduceRight((inner, name) => `{ ${nameInCode(name)}: ${inner} }`, '…')
    super(`\`${method}\` is not stubbed. Stub it: \`stubClient(${stub})\`. Nothing was sent.`)
    this.method = method
  }
}

/**
 * Finds the stub of a method.
 *
 * @param path names that lead to the stub, such as `cohorts` and `list`
 * @throws NotStubbedError without a stub
 */
export function findStub(stubs: Members, method: string, path: readonly string[]): unknown {
  let stub: unknown = stubs
  for (const name of path) {
    if (!isObject(stub) || !Object.hasOwn(stub, name)) throw new NotStubbedError(method, path)
    stub = stub[name]
  }
  return stub
}

/**
 * Checks that each stub is one of a method of the client: another would never be used.
 *
 * @throws TypeError that lists the methods
 */
export function checkStubs(stubs: Members, members: Members, path: readonly string[] = []): void {
  const parent = path.length === 0 ? '' : ` of \`${path.join('.')}\``
  for (const [name, stub] of Object.entries(stubs)) {
    const inner = [...path, name]
    const subject = `\`${inner.join('.')}\``
    if (!Object.hasOwn(members, name)) {
      const methods = Object.keys(members).join(', ')
      throw new TypeError(
        `The client has no ${subject}, so its stub would never be used. Methods${parent}: ${methods}.`,
      )
    }
    const member = members[name]
    if (typeof member === 'function' || stub === undefined) continue
    if (!isObject(stub)) {
      throw new TypeError(
        `The stub of ${subject} is ${describeStub(stub)}; expected an object of its methods.`,
      )
    }
    // Every member that is no method is an object of methods.
    checkStubs(stub, member as Members, inner)
  }
}

function nameInCode(name: string): string {
  return /^\w+$/.test(name) ? name : JSON.stringify(name)
}
