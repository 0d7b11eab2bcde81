type Json = Record<string, unknown>

/** Schema `Error`: the standard envelope. */
export function errorSchema(): Json {
  return {
    type: 'object',
    description: 'What an error answers with.',
    properties: {
      type: { type: 'string', description: 'Broad sort of error.' },
      code: { type: 'string', description: 'Stable code of the error.' },
      detail: { type: 'string', description: 'Text for people.' },
      attr: {
        type: 'string',
        nullable: true,
        description: 'The field of the request that is wrong, if it is one.',
      },
    },
    required: ['type', 'code', 'detail'],
  }
}

/** Schemas `DashboardFilter` and `PropertyFilter`; `examples` is not legal here in 3.0.3 and PostHog writes it. */
export function filterSchemas(): Json {
  return {
    DashboardFilter: {
      type: 'object',
      description: 'Overrides of the date range and the property filters.',
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
          description: 'Filters on properties.',
          items: { $ref: '#/components/schemas/PropertyFilter' },
        },
      },
    },
    PropertyFilter: {
      type: 'object',
      description: 'A filter on one property.',
      properties: {
        key: { type: 'string', description: 'Name of the property.' },
        value: {
          description: 'One value, or several.',
          oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'array', items: { type: 'string' } }],
        },
        operator: { type: 'string', enum: OPERATORS, description: 'How to compare.' },
        type: {
          type: 'string',
          enum: ['event', 'person', 'session', 'cohort', 'group', 'hogql'],
          description: 'What the property belongs to.',
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
