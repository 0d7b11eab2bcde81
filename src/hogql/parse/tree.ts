/** Position of a node in the query text: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Constant extends Span {
  readonly node: 'Constant'
  readonly value: string | number | boolean | null
  /** Digits of an integer that a number cannot hold exactly. */
  readonly digits?: string
}

/** A dotted name. A last part `*` stands for all columns. */
export interface Field extends Span {
  readonly node: 'Field'
  readonly chain: readonly string[]
}

export interface Call extends Span {
  readonly node: 'Call'
  readonly name: string
  readonly args: readonly Expression[]
  /** Parameters in front of the arguments, as in `quantile(0.9)(x)`. */
  readonly params?: readonly Expression[]
  readonly distinct: boolean
  readonly filter?: Expression
  /** Order of the argument's values, as in `groupArray(x ORDER BY y)`. */
  readonly orderBy?: readonly Order[]
  /** Order of WITHIN GROUP. */
  readonly withinGroup?: readonly Order[]
}

/** A call of something that is not a function name, such as `a.b(c)`. */
export interface ExpressionCall extends Span {
  readonly node: 'ExprCall'
  readonly callee: Expression
  readonly args: readonly Expression[]
}

export interface WindowCall extends Span {
  readonly node: 'WindowFunction'
  readonly name: string
  readonly args: readonly Expression[]
  readonly params?: readonly Expression[]
  readonly over: Window | string
}

export interface Arithmetic extends Span {
  readonly node: 'ArithmeticOperation'
  readonly operator: '+' | '-' | '*' | '/' | '%'
  readonly left: Expression
  readonly right: Expression
}

export type CompareOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'like'
  | 'not like'
  | 'ilike'
  | 'not ilike'
  | 'in'
  | 'not in'
  | 'in cohort'
  | 'not in cohort'
  | '=~'
  | '!~'
  | '=~*'
  | '!~*'

export interface Compare extends Span {
  readonly node: 'CompareOperation'
  readonly operator: CompareOperator
  readonly left: Expression
  readonly right: Expression
}

export interface Between extends Span {
  readonly node: 'BetweenExpr'
  readonly expr: Expression
  readonly low: Expression
  readonly high: Expression
  readonly negated: boolean
}

export interface DistinctFrom extends Span {
  readonly node: 'IsDistinctFrom'
  readonly left: Expression
  readonly right: Expression
  readonly negated: boolean
}

export interface Logical extends Span {
  readonly node: 'And' | 'Or'
  readonly exprs: readonly Expression[]
}

export interface Not extends Span {
  readonly node: 'Not'
  readonly expr: Expression
}

export interface Alias extends Span {
  readonly node: 'Alias'
  readonly alias: string
  readonly expr: Expression
}

export interface List extends Span {
  readonly node: 'Tuple' | 'Array'
  readonly exprs: readonly Expression[]
}

export interface Dict extends Span {
  readonly node: 'Dict'
  readonly items: readonly (readonly [key: Expression, value: Expression])[]
}

/** `array[property]`, and `array.property` of something that is not a name. */
export interface Access extends Span {
  readonly node: 'ArrayAccess'
  readonly array: Expression
  readonly property: Expression
  /** Whether it was written with `?.`. */
  readonly nullish: boolean
}

export interface Slice extends Span {
  readonly node: 'ArraySlice'
  readonly array: Expression
  readonly from?: Expression
  readonly to?: Expression
}

export interface TupleAccess extends Span {
  readonly node: 'TupleAccess'
  readonly tuple: Expression
  readonly index: number
  readonly nullish: boolean
}

export interface Lambda extends Span {
  readonly node: 'Lambda'
  readonly args: readonly string[]
  readonly expr: Expression
}

export interface Cast extends Span {
  readonly node: 'TypeCast' | 'TryCast'
  readonly expr: Expression
  /** Type name in lower case. */
  readonly type: string
}

/** Several columns: `COLUMNS('regex')`, `COLUMNS(a, b)`, `* EXCLUDE (a)`, `COLUMNS(* REPLACE (a AS b))`. */
export interface Columns extends Span {
  readonly node: 'ColumnsExpr'
  readonly regex?: string
  readonly columns?: readonly Expression[]
  /** Table name in front of `*`. */
  readonly table?: readonly string[]
  readonly exclude?: readonly string[]
  readonly replace?: Readonly<Record<string, Expression>>
}

/** `{name}`, which is replaced by a value or an expression. */
export interface Placeholder extends Span {
  readonly node: 'Placeholder'
  readonly expr: Expression
}

export interface Tag extends Span {
  readonly node: 'HogQLXTag'
  readonly kind: string
  readonly attributes: readonly TagAttribute[]
}

export interface TagAttribute {
  readonly name: string
  readonly value: Expression | readonly Expression[]
}

export interface NamedArgument extends Span {
  readonly node: 'NamedArgument'
  readonly name: string
  readonly value: Expression
}

/** `#2`: the second column. */
export interface PositionalRef extends Span {
  readonly node: 'PositionalRef'
  readonly index: number
}

export type Expression =
  | Constant
  | Field
  | Call
  | ExpressionCall
  | WindowCall
  | Arithmetic
  | Compare
  | Between
  | DistinctFrom
  | Logical
  | Not
  | Alias
  | List
  | Dict
  | Access
  | Slice
  | TupleAccess
  | Lambda
  | Cast
  | Columns
  | Placeholder
  | Tag
  | NamedArgument
  | PositionalRef
  | Query

export interface Order extends Span {
  readonly expr: Expression
  readonly descending: boolean
  readonly fill?: Fill
}

/** WITH FILL of an ORDER BY expression. */
export interface Fill {
  readonly from?: Expression
  readonly to?: Expression
  readonly step?: Expression
}

export interface FrameBound {
  readonly kind: 'CURRENT ROW' | 'PRECEDING' | 'FOLLOWING'
  /** Undefined: unbounded. */
  readonly value?: Expression
}

export interface Window extends Span {
  readonly partitionBy?: readonly Expression[]
  readonly orderBy?: readonly Order[]
  readonly frame?: {
    readonly method: 'ROWS' | 'RANGE'
    readonly start: FrameBound
    readonly end?: FrameBound
  }
}

export interface Cte extends Span {
  readonly name: string
  readonly kind: 'subquery' | 'column'
  readonly expr: Expression
  readonly columns?: readonly string[]
  readonly recursive: boolean
  readonly materialized?: boolean
}

/** A table of a FROM clause and the join that follows it. */
export interface Join extends Span {
  readonly table: TableExpression
  readonly tableArgs?: readonly Expression[]
  readonly alias?: string
  readonly columnAliases?: readonly string[]
  readonly final: boolean
  readonly sample?: Sample
  /** How this table is joined to the one before it, such as `LEFT ANY JOIN`. */
  readonly type?: string
  readonly constraint?: { readonly kind: 'ON' | 'USING'; readonly expr: Expression }
  readonly next?: Join
}

export type TableExpression = Field | Query | Values | Placeholder | Tag | Pivot

/** PIVOT and UNPIVOT, which only the parser knows. */
export interface Pivot extends Span {
  readonly node: 'PivotExpr' | 'UnpivotExpr'
}

export interface Values extends Span {
  readonly node: 'ValuesQuery'
  readonly rows: readonly (readonly Expression[])[]
}

/** SAMPLE, as numerator and denominator. */
export interface Sample {
  readonly ratio: Ratio
  readonly offset?: Ratio
}
export interface Ratio {
  readonly left: Expression
  readonly right?: Expression
}

export interface LimitBy {
  readonly count: Expression
  readonly offset?: Expression
  readonly exprs: readonly Expression[]
}

export interface Select extends Span {
  readonly node: 'SelectQuery'
  readonly ctes?: readonly Cte[]
  readonly distinct: boolean
  readonly select: readonly Expression[]
  readonly from?: Join
  readonly arrayJoin?: { readonly kind: string; readonly exprs: readonly Expression[] }
  readonly prewhere?: Expression
  readonly where?: Expression
  readonly groupBy?: readonly Expression[] | readonly (readonly Expression[])[]
  readonly groupByMode?: 'all' | 'cube' | 'rollup' | 'grouping_sets'
  readonly having?: Expression
  readonly qualify?: Expression
  readonly windows?: Readonly<Record<string, Window>>
  readonly orderBy?: readonly Order[]
  readonly limitBy?: LimitBy
  readonly limit?: Expression
  readonly limitPercent?: true
  readonly offset?: Expression
  readonly withTies?: true
}

/** UNION, INTERSECT and EXCEPT, in the order of the text. */
export interface SelectSet extends Span {
  readonly node: 'SelectSetQuery'
  readonly ctes?: readonly Cte[]
  readonly first: Query
  readonly rest: readonly { readonly operator: string; readonly query: Query }[]
  readonly orderBy?: readonly Order[]
  readonly limit?: Expression
  readonly limitPercent?: true
  readonly offset?: Expression
  readonly withTies?: true
}

export type Query = Select | SelectSet | Placeholder
