import { describe, expect, it } from 'vitest'
import { placeSymbols, sharedFolder } from '../../../../src/codegen/generate/placement.ts'
import { answering, documentOf, object, to } from './document.ts'

const document = documentOf(
  {
    '/cats/': { get: answering('cats', 'listCats', to('Cat')), post: { ...answering('cats', 'x', {}) } },
    '/dogs/': { get: answering('dogs', 'listDogs', to('Dog')) },
    '/health/': { get: { operationId: 'getHealth' } },
  },
  {
    Cat: object({ paw: to('Paw'), mood: to('Mood'), kittens: { type: 'array', items: to('Cat') } }),
    Dog: object({ paw: to('Paw'), tail: to('Tail') }),
    Mood: { type: 'string', enum: ['good', 'bad'] },
    Paw: object({ claw: to('Claw') }),
    Claw: object({ paw: to('Paw') }),
    Tail: object({ draft: to('TailWritable') }),
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
          '/a/': { get: answering('a', 'getA', to('Thing')) },
          '/b/': { get: answering('b', 'getB', to('ThingWritable')) },
          '/c/': { get: answering('c', 'getC', to('ThingWritable')) },
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
      { '/a/': { get: answering('a', 'getA', to('One')) } },
      { One: object({ two: to('Two') }), Two: object({ one: to('One') }) },
    )
    expect(placeSymbols(circle).ofComponent('Two')).toBe('a')
  })
})
