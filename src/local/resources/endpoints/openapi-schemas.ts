type Json = Record<string, unknown>

/** Schema `Error`, the standard envelope. */
export function errorSchema(): Json {
  return {
    type: 'object',
    description: 'The body of an error response.',
    properties: {
      type: { type: 'string', description: 'Error category.' },
      code: { type: 'string', description: 'Stable error code.' },
      detail: { type: 'string', description: 'Error message.' },
      attr: {
        type: 'string',
        nullable: true,
        description: 'The invalid field of the request, if any.',
      },
    },
    required: ['type', 'code', 'detail'],
  }
}

/** Schemas `DashboardFilter` and `PropertyFilter`. PostHog uses `examples`, which OpenAPI 3.0.3 does not allow here. */
export function filterSchemas(): Json {
  return {
    DashboardFilter: {
      type: 'object',
      description: 'Overrides the date range and the property filters.',
      properties: {
        date_from: {
          type: 'string',
          description: 'Start of the range.',
          examples: ['-7d', '-30d', '2024-01-01', 'mStart'],
        },
        date_to: {
          type: 'string',
          description: 'End of the range.',
          examples: ['now', '2024-12-31', 'dStart'],
        },
        properties: {
          type: 'array',
          description: 'Property filters.',
          items: { $ref: '#/components/schemas/PropertyFilter' },
        },
      },
    },
    PropertyFilter: {
      type: 'object',
      description: 'A property filter.',
      properties: {
        key: { type: 'string', description: 'Property name.' },
        value: {
          description: 'One or several values.',
          oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'array', items: { type: 'string' } }],
        },
        operator: { type: 'string', enum: OPERATORS, description: 'Comparison operator.' },
        type: {
          type: 'string',
          enum: ['event', 'person', 'session', 'cohort', 'group', 'hogql'],
          description: 'Kind of property.',
        },
      },
      required: ['key'],
    },
  }
}

const OPERATORS = [
  'exact',
  'is_not',
  'icontains',
  'not_icontains',
  'regex',
  'not_regex',
  'gt',
  'lt',
  'gte',
  'lte',
  'is_set',
  'is_not_set',
  'is_date_exact',
  'is_date_before',
  'is_date_after',
  'in',
  'not_in',
]
