import type { HogqlFunction } from './function.ts'
import { parseFunctionTable } from './function-table.ts'

/**
 * Functions of ClickHouse that HogQL accepts, aggregations excepted. Names with a leading underscore are for PostHog's
 * own queries; PostHog accepts them from users and suggests none of them.
 *
 * Source: posthog/hogql/functions/mapping.py, udfs.py and clickhouse/*.py of PostHog/posthog.
 */
export const SCALAR_FUNCTIONS: ReadonlyMap<string, HogqlFunction> = new Map([
  ...parseFunctionTable(`
    2   equals notEquals less greater lessOrEquals greaterOrEquals in notIn
    2+  and or xor
    1   not~
    3   if~
    3+  multiIf
    2   throwIf
    1   isFinite isInfinite ifNotFinite isNaN indexHint
    2   least~ greatest~
    3-4 transform
    4   bar
    1   formatReadableDecimalSize formatReadableSize formatReadableQuantity
    1-2 formatReadableTimeDelta
  `),
  ...arithmetic(),
  ...conversions(),
  ...collections(),
  ...parseFunctionTable(`
    0   rank dense_rank row_number rowNumberInBlock rowNumberInAllBlocks
    1   first_value last_value
    2   nth_value
    1-3 lagInFrame leadInFrame lag=lagInFrame lead=leadInFrame
    7   aggregate_funnel aggregate_funnel_array aggregate_funnel_cohort aggregate_funnel_json
    7   aggregate_funnel_array_json aggregate_funnel_cohort_json aggregate_funnel_test
    8   aggregate_funnel_trends aggregate_funnel_array_trends aggregate_funnel_cohort_trends
    8   aggregate_funnel_trends_json aggregate_funnel_array_trends_json aggregate_funnel_cohort_trends_json
    8   aggregate_funnel_array_trends_test
  `),
])

function arithmetic(): ReadonlyMap<string, HogqlFunction> {
  return parseFunctionTable(`
    1   negate abs~
    2   plus minus multiply divide intDiv intDivOrZero modulo moduloOrZero positiveModulo gcd lcm max2~ min2~
    2-3 multiplyDecimal divideDecimal
    0   e pi rand
    1   exp~ log~ ln~ exp2 log2~ exp10 log10~ sqrt~ cbrt erf erfc lgamma tgamma sin~ cos~ tan~ asin~ acos~ atan~
    1   intExp2 intExp10 cosh acosh sinh asinh atanh log1p sign~ degrees~ radians~ factorial~
    2   pow~ power~ atan2 hypot
    4   width_bucket
    1-2 floor~ ceil~ trunc~ round~ roundBankers
    1   roundToExp2 roundDuration roundAge
    2   roundDown
    2   bitAnd bitOr bitXor bitShiftLeft bitShiftRight bitRotateLeft bitRotateRight bitTest bitHammingDistance
    1   bitNot bitCount
    3   bitSlice
    3+  bitTestAll bitTestAny
    1   bitmapBuild bitmapToArray bitmapCardinality bitmapMin bitmapMax
    2   bitmapContains bitmapHasAny bitmapHasAll bitmapAnd bitmapOr bitmapXor bitmapAndnot
    2   bitmapAndCardinality bitmapOrCardinality bitmapXorCardinality bitmapAndnotCardinality
    3   bitmapSubsetInRange bitmapSubsetLimit subBitmap bitmapTransform
  `)
}

function conversions(): ReadonlyMap<string, HogqlFunction> {
  return parseFunctionTable(`
    1   hex unhex reinterpretAsUInt8 reinterpretAsUInt16 reinterpretAsUInt32 reinterpretAsUInt64
    1   reinterpretAsUInt128 reinterpretAsUInt256 reinterpretAsInt8 reinterpretAsInt16 reinterpretAsInt32
    1   reinterpretAsInt64 reinterpretAsInt128 reinterpretAsInt256 reinterpretAsFloat32 reinterpretAsFloat64
    1   reinterpretAsUUID
    2   accurateCast accurateCastOrNull toUUIDOrDefault
    1   toIntOrZero=toInt64OrZero toInt64OrZero toFloatOrZero=toFloat64OrZero toFloat64OrZero
    1   _toInt8=toInt8 _toInt16=toInt16 _toInt32=toInt32 _toInt64=toInt64 _toUInt8=toUInt8 _toUInt64=toUInt64
    1   _toUInt128=toUInt128 _toDate=toDate
    1-2 toString
    1   toJSONString dynamicType toTypeName defaultValueOfTypeName cityHash64 MD5
    2-3 parseDateTime=parseDateTimeOrNull@
    1-2 parseDateTimeBestEffort=parseDateTime64BestEffortOrNull@ toDateTimeUS=parseDateTime64BestEffortUSOrNull@
    1-3 toDateTime64@
    1   UUIDv7ToDateTime@
    1   isnull=isNull~ isNotNull assumeNotNull toNullable
    1+  coalesce~
    2   ifnull=ifNull~ nullif=nullIf~
    1   IPv4NumToString IPv4StringToNum IPv4StringToNumOrDefault IPv4StringToNumOrNull IPv6NumToString
    1   IPv6StringToNum IPv6StringToNumOrDefault IPv6StringToNumOrNull IPv4ToIPv6 toIPv4 toIPv4OrDefault
    1   toIPv4OrNull toIPv4OrZero toIPv6 toIPv6OrDefault toIPv6OrNull toIPv6OrZero isIPv4String isIPv6String
    1   extractIPv4Substrings
    2   IPv4CIDRToRange IPv6CIDRToRange
    3   cutIPv6
  `)
}

function collections(): ReadonlyMap<string, HogqlFunction> {
  return parseFunctionTable(`
    1   empty notEmpty length~ reverse~
    0+  array tuple map
    1-3 range
    2   arrayElement has hasAll hasAny hasSubstr indexOf countEqual arrayPushBack arrayPushFront
    2   arrayAUC arrayWithConstant arrayRotateLeft arrayRotateRight
    1   arrayEnumerate arrayPopBack arrayPopFront arrayJoin arrayDifference arrayDistinct arrayEnumerateDense
    1   arrayReverse arrayFlatten arrayCompact arrayProduct
    1+  arrayCount arraySort arrayReverseSort=arraySort arrayUniq arrayIntersect arrayExists arrayAll
    1+  arrayCumSum arrayCumSumNonNegative
    2+  arrayConcat arrayEnumerateUniq arrayReduce arrayFilter arrayZip arrayMap arrayFill arraySplit
    2+  arrayReverseFill arrayReverseSplit arrayFirst arrayLast arrayFirstIndex arrayLastIndex
    2-3 arrayResize arraySlice
    3+  arrayFold
    1-2 arrayMin arrayMax arraySum arrayAvg arrayStringConcat
    3   generateSeries=generate_series
    2   mapFromArrays mapContains mapContainsKeyLike mapExtractKeyLike mapApply mapFilter mapUpdate
    2+  mapAdd mapSubtract
    1-3 mapPopulateSeries
    1   mapKeys mapValues
    2-3 tupleElement
    1   untuple tupleToNameValuePairs tupleNegate
    2   tupleHammingDistance tuplePlus tupleMinus tupleMultiply tupleDivide tupleMultiplyByNumber
    2   tupleDivideByNumber dotProduct
    1   L1Norm L2Norm LinfNorm L1Normalize L2Normalize LinfNormalize
    2   LpNorm L1Distance L2Distance LinfDistance LpNormalize cosineDistance
    3   LpDistance
    1   isValidJSON
    1-6 JSONHas JSONLength JSONArrayLength JSONType JSONExtractUInt JSONExtractInt JSONExtractFloat
    1-6 JSONExtractBool JSONExtractString JSONExtractRaw JSONExtractArrayRaw JSONExtractKeysAndValuesRaw
    1-5 JSONExtractKeys
    2-7 JSONExtract JSONExtractKeysAndValues
    2   JSON_VALUE
  `)
}
