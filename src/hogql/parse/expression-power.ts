/** Binding powers: an operator with a greater number binds tighter. */
export const POWER = {
  any: 0,
  alias: 1,
  ternary: 2,
  or: 3,
  and: 4,
  not: 5,
  between: 6,
  nullish: 7,
  isDistinct: 8,
  isNull: 9,
  compare: 10,
  add: 11,
  multiply: 12,
  negate: 13,
  postfix: 14,
} as const
