import type ts from 'typescript'
import type { Change } from '../change.ts'
import type { TypeScript } from './hogql-literals.ts'
import type { QueryColumn } from './queries-lock.ts'
import { optionalTypesOfColumn, typescriptTypeOfColumn } from './row-type.ts'
import { kindsOf } from './value-type.ts'

/** A declared column that does not fit the columns of its query. */
export interface RowMismatch extends Pick<Change, 'grade' | 'message' | 'fix'> {
  /** The declaration of the column, or the row type. */
  readonly node: ts.Node
}

/** Compares a declared row type with the columns of its query. */
export function compareRowType(
  tsApi: TypeScript,
  checker: ts.TypeChecker,
  rowType: ts.TypeNode,
  columns: readonly QueryColumn[],
): RowMismatch[] {
  const type = checker.getTypeFromTypeNode(rowType)
  // Types such as `Record<string, unknown>` and type parameters name no columns.
  const properties = type.getProperties()
  if (properties.length === 0 || type.isUnion() || type.isTypeParameter()) return []
  const byName = new Map(columns.map((column) => [column.name, column]))
  const declared = new Set(properties.map(({ name }) => name))
  const missing = columns.filter(({ name }) => !declared.has(name))
  return [
    ...properties.flatMap((property): RowMismatch[] => {
      const node =
        property.valueDeclaration?.getSourceFile() === rowType.getSourceFile()
          ? property.valueDeclaration
          : rowType
      const column = byName.get(property.name)
      const actual = checker.getTypeOfSymbolAtLocation(property, rowType)
      const kinds = kindsOf(tsApi, checker, actual)
      if (column === undefined) {
        if (kinds.has('undefined') || kinds.has('any')) return []
        const names = columns.map(({ name }) => name).join(', ')
        const message = `The row type has a column "${property.name}", but the query has none. Columns: ${names}.`
        return [
          {
            grade: 'breaking',
            message,
            fix: 'Add the column to the query, or remove it from the row type.',
            node,
          },
        ]
      }
      return compareColumn(column, kinds, checker.typeToString(actual)).map((mismatch) => ({
        ...mismatch,
        node,
      }))
    }),
    ...missing.map(
      ({ name, type: column }): RowMismatch => ({
        grade: 'safe',
        message: `The row type lacks the column "${name}": ${typescriptTypeOfColumn(column)}.`,
        node: rowType,
      }),
    ),
  ]
}

function compareColumn(
  { name, type }: QueryColumn,
  kinds: ReadonlySet<string>,
  declared: string,
): Omit<RowMismatch, 'node'>[] {
  const expected = typescriptTypeOfColumn(type)
  const isNullable = expected.endsWith(' | null')
  const kind = kindOf(isNullable ? expected.slice(0, -' | null'.length) : expected)
  if (kind === 'unknown' || kinds.has('any')) return []
  const accepted = [kind, ...optionalTypesOfColumn(type)]
  const facts = `Expected ${expected} (${type}), got ${declared}.`
  if (!accepted.some((candidate) => kinds.has(candidate))) {
    const message = `Column "${name}" has another type. ${facts}`
    return [{ grade: 'breaking', message, fix: `Declare ${name} as ${expected}.` }]
  }
  if (!isNullable || kinds.has('null')) return []
  return [
    {
      grade: 'risky',
      message: `Column "${name}" may be null. ${facts}`,
      fix: `Declare ${name} as ${expected}.`,
    },
  ]
}

function kindOf(type: string): string {
  if (type.endsWith('[]') || type.startsWith('[')) return 'array'
  return type.startsWith('Record<') ? 'object' : type
}
