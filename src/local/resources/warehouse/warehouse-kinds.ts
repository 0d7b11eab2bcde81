import type { CollectionKind } from '../../store/collection.ts'

/** Id of the source of the sample table. */
export const STRIPE_SOURCE = '018d2a6e-0000-7000-8000-000000000203'

/** Sources of the data warehouse. */
export const SOURCES: CollectionKind = {
  name: 'external_data_sources',
  ids: 'uuid',
  sample: ({ startedAt }) => {
    const at = startedAt.toISOString()
    return [
      {
        id: STRIPE_SOURCE,
        source_type: 'Stripe',
        prefix: '',
        description: null,
        job_inputs: {},
        created_at: at,
      },
    ]
  },
}

/** Tables of the data warehouse, without rows. */
export const TABLES: CollectionKind = {
  name: 'warehouse_tables',
  ids: 'uuid',
  sample: ({ startedAt }) => [
    {
      id: '018d2a6e-0000-7000-8000-000000000202',
      name: 'stripe_invoice',
      format: 'Parquet',
      url_pattern: 'https://storage.example.com/stripe/invoice/*.parquet',
      columns: { id: 'string', customer_id: 'string', total: 'integer', created_at: 'datetime' },
      source: STRIPE_SOURCE,
      credential: '018d2a6e-0000-7000-8000-000000000204',
      schema: '018d2a6e-0000-7000-8000-000000000205',
      created_at: startedAt.toISOString(),
    },
  ],
}
