import { describe, expect, it } from 'vitest'
import { placeSymbols, sharedFolder } from '../../../../src/codegen/generate/placement.ts'
import { documentOf, object, operationReturning, referenceTo } from '../small-documents.ts'

const document = documentOf(
  {
    '/cats/': {
      get: operationReturning('cats', 'listCats', referenceTo('Cat')),
      post: { ...operationReturning('cats', 'x', {}) },
    },
    '/dogs/': { get: operationReturning('dogs', 'listDogs', referenceTo('Dog')) },
    '/health/': { get: { operationId: 'getHealth' } },
  },
  {
    Cat: object({
      paw: referenceTo('Paw'),
      mood: referenceTo('Mood'),
      kittens: { type: 'array', items: referenceTo('Cat') },
    }),
    Dog: object({ paw: referenceTo('Paw'), tail: referenceTo('Tail') }),
    Mood: { type: 'string', enum: ['good', 'bad'] },
    Paw: object({ claw: referenceTo('Claw') }),
    Claw: object({ paw: referenceTo('Paw') }),
    Tail: object({ draft: referenceTo('TailWritable') }),
    TailWritable: object({}),
    Unused: object({}),
  },
)
const placement = placeSymbols(document)

describe('the folder of a path', () => {
  it.each([
    ['/cats/', 'cats'],
    ['/dogs/', 'dogs'],
    ['/health/', sharedFolder],
    ['/unknown/', sharedFolder],
  ])('of %s is %s', (path, folder) => expect(placement.ofPath(path)).toBe(folder))
})

describe('the folder of a component', () => {
  it.each([
    ['that one resource uses', 'Cat', 'cats'],
    ['that one resource reaches through another', 'Mood', 'cats'],
    ['that two resources use', 'Paw', sharedFolder],
    ['that only a shared one uses', 'Claw', sharedFolder],
    ['that no operation reaches', 'Unused', sharedFolder],
    ['that does not exist', 'Ghost', sharedFolder],
    ['that is the writable form of another', 'CatWritable', 'cats'],
    ['that is the writable form of a shared one', 'PawWritable', sharedFolder],
    ['whose own name ends in Writable', 'TailWritable', 'dogs'],
  ])('%s (%s) is %s', (_, name, folder) => expect(placement.ofComponent(name)).toBe(folder))

  it('prefers a component with the exact name', () => {
    const both = placeSymbols(
      documentOf(
        {
          '/a/': { get: operationReturning('a', 'getA', referenceTo('Thing')) },
          '/b/': { get: operationReturning('b', 'getB', referenceTo('ThingWritable')) },
          '/c/': { get: operationReturning('c', 'getC', referenceTo('ThingWritable')) },
        },
        { Thing: object({}), ThingWritable: object({}) },
      ),
    )
    expect([both.ofComponent('Thing'), both.ofComponent('ThingWritable')]).toEqual(['a', sharedFolder])
  })

  it('is shared for everything that a shared component references', () => {
    const schemas = document.components?.schemas ?? {}
    const shared = Object.entries(schemas).filter(
      ([name]) => name !== 'Unused' && placement.ofComponent(name) === sharedFolder,
    )
    const references = shared.flatMap(([, schema]) =>
      Object.values(schema.properties ?? {}).map(({ $ref }) => $ref?.split('/').at(-1) ?? ''),
    )
    expect(references.length).toBeGreaterThan(0)
    expect(references.filter((name) => placement.ofComponent(name) !== sharedFolder)).toEqual([])
  })

  it('terminates for recursive components', () => {
    const circle = documentOf(
      { '/a/': { get: operationReturning('a', 'getA', referenceTo('One')) } },
      { One: object({ two: referenceTo('Two') }), Two: object({ one: referenceTo('One') }) },
    )
    expect(placeSymbols(circle).ofComponent('Two')).toBe('a')
  })
})
