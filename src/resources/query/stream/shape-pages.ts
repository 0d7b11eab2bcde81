import type { RowShape } from '../shape/row-shape.ts'
import { shapeRows } from '../shape/shape-rows.ts'
import type { StreamPage } from './stream-options.ts'

/** Pages whose rows are in a shape. */
export async function* shapePages<Row>(
  shape: RowShape,
  pages: AsyncIterable<StreamPage<Row>>,
): AsyncGenerator<StreamPage<Row>, undefined> {
  for await (const page of pages) {
    const { rows, columns: names, types } = page
    // What the shape says of the rows was looked at.
    yield { ...page, rows: (await shapeRows(shape, rows, { names, types })) as Row[] }
  }
}
