import type { HogqlFunction } from './function.ts'
import { parseFunctionTable } from './function-table.ts'

/**
 * Functions of ClickHouse that HogQL accepts for text, URLs, dates and places.
 *
 * Source: posthog/hogql/functions/mapping.py and clickhouse/{strings,datetime,geo}.py of PostHog/posthog.
 */
export const TEXT_FUNCTIONS: ReadonlyMap<string, HogqlFunction> = new Map([
  ...strings(),
  ...searches(),
  ...dates(),
  ...parseFunctionTable(`
    1   protocol domain domainWithoutWWW topLevelDomain firstSignificantSubdomain cutToFirstSignificantSubdomain
    1   cutToFirstSignificantSubdomainWithWWW path pathFull queryString fragment queryStringAndFragment
    1   extractURLParameters extractURLParameterNames URLHierarchy URLPathHierarchy encodeURLComponent
    1   decodeURLComponent encodeURLFormComponent decodeURLFormComponent netloc cutWWW cutQueryString cutFragment
    1   cutQueryStringAndFragment
    1-2 port
    2   extractURLParameter cutURLParameter
    4   greatCircleDistance geoDistance greatCircleAngle h3PointDistM h3PointDistKm h3PointDistRads
    6+  pointInEllipses
    2+  pointInPolygon
    2-3 geohashEncode
    1   geohashDecode
    5   geohashesInBox
    3   geoToH3
    0   h3GetRes0Indexes
    1   h3IsValid h3GetResolution h3GetBaseCell h3EdgeAngle h3EdgeLengthM h3EdgeLengthKm h3ToGeo h3ToGeoBoundary
    1   h3HexAreaM2 h3HexAreaKm2 h3ToString stringToH3 h3IsResClassIII h3IsPentagon h3GetFaces h3CellAreaM2
    1   h3CellAreaRads2 h3ExactEdgeLengthM h3ExactEdgeLengthKm h3ExactEdgeLengthRads h3NumHexagons
    1   h3GetPentagonIndexes h3UnidirectionalEdgeIsValid h3GetOriginIndexFromUnidirectionalEdge
    1   h3GetDestinationIndexFromUnidirectionalEdge h3GetIndexesFromUnidirectionalEdge
    1   h3GetUnidirectionalEdgesFromHexagon h3GetUnidirectionalEdgeBoundary
    2   h3kRing h3IndexesAreNeighbors h3ToChildren h3ToParent h3ToCenterChild h3Line h3Distance h3HexRing
    2   h3GetUnidirectionalEdge
  `),
])

function strings(): ReadonlyMap<string, HogqlFunction> {
  return parseFunctionTable(`
    2   left=leftUTF8 right=rightUTF8 appendTrailingCharIfAbsent endsWith startsWith repeat
    1   lengthUTF8 lower~ upper~ lowerUTF8 upperUTF8 isValidUTF8 toValidUTF8 reverseUTF8 initcap
    1   base58Encode base58Decode tryBase58Decode base64Encode base64Decode tryBase64Decode
    1   encodeXMLComponent decodeXMLComponent extractTextFromHTML ascii~ regexpQuoteMeta tokens
    2-3 leftPad rightPad leftPadUTF8 rightPadUTF8
    2+  format concat~ concatWithSeparator
    3   substring~ substringUTF8 convertCharset lpad rpad
    3   replace~ replaceAll replaceOne replaceRegexpAll replaceRegexpOne translate translateUTF8
    2-3 splitByChar splitByString splitByRegexp
    1-2 splitByWhitespace splitByNonAlpha alphaTokens
    2   extractAllGroups ngrams
    1-2 ltrim=trimLeft trimLeft rtrim=trimRight trimRight btrim=trim~ trim~
  `)
}

function searches(): ReadonlyMap<string, HogqlFunction> {
  return parseFunctionTable(`
    2-3 position~ positionCaseInsensitive positionUTF8 positionCaseInsensitiveUTF8 locate
    2-3 countSubstrings countSubstringsCaseInsensitive countSubstringsCaseInsensitiveUTF8 regexpExtract
    2   multiSearchAllPositions multiSearchAllPositionsUTF8 multiSearchAllPositionsCaseInsensitive
    2   multiSearchAllPositionsCaseInsensitiveUTF8 multiSearchFirstPosition multiSearchFirstPositionUTF8
    2   multiSearchFirstPositionCaseInsensitive multiSearchFirstPositionCaseInsensitiveUTF8
    2   multiSearchFirstIndex multiSearchFirstIndexUTF8 multiSearchFirstIndexCaseInsensitive
    2   multiSearchFirstIndexCaseInsensitiveUTF8 multiSearchAny multiSearchAnyUTF8
    2   multiSearchAnyCaseInsensitive multiSearchAnyCaseInsensitiveUTF8
    2   match multiMatchAny multiMatchAnyIndex multiMatchAllIndices
    3   multiFuzzyMatchAny multiFuzzyMatchAnyIndex multiFuzzyMatchAllIndices
    2   extract~ extractAll extractAllGroupsHorizontal extractAllGroupsVertical extractGroups
    2   like ilike notLike notILike countMatches countMatchesCaseInsensitive
    2   ngramDistance ngramDistanceCaseInsensitive ngramDistanceUTF8 ngramDistanceCaseInsensitiveUTF8
    2   ngramSearch ngramSearchCaseInsensitive ngramSearchUTF8 ngramSearchCaseInsensitiveUTF8
    2   hasSubsequence hasSubsequenceCaseInsensitive hasSubsequenceUTF8 hasSubsequenceCaseInsensitiveUTF8
    2   hasToken hasTokenCaseInsensitive hasTokenOrNull hasTokenCaseInsensitiveOrNull hasAllTokens hasAnyTokens
  `)
}

function dates(): ReadonlyMap<string, HogqlFunction> {
  return parseFunctionTable(`
    0-1 now=now64~@
    0   current_timestamp=now64@ today current_date=today yesterday
    1   nowInBlock timeZoneOf timeZoneOffset
    1-2 toTimeZone@
    1   toYear toQuarter toMonth toDayOfYear toDayOfMonth toHour toMinute toSecond toTime toISOYear toISOWeek
    1-3 toDayOfWeek toWeek toYearWeek
    1-2 toUnixTimestamp
    1   toUnixTimestamp64Milli fromUnixTimestamp64Milli fromUnixTimestamp monthName timeSlot
    1   toYYYYMM toYYYYMMDD toYYYYMMDDhhmmss
    1   toModifiedJulianDay=toModifiedJulianDayOrNull fromModifiedJulianDay=fromModifiedJulianDayOrNull
    2-3 toStartOfInterval timeSlots formatDateTime
    1   toStartOfYear toStartOfISOYear toStartOfQuarter toStartOfMonth toLastDayOfMonth toMonday toStartOfHour
    1   toStartOfMinute toStartOfSecond toStartOfFiveMinutes toStartOfTenMinutes toStartOfFifteenMinutes
    1-2 toStartOfWeek toStartOfDay toLastDayOfWeek
    3   age date_diff=dateDiff dateDiff
    2-3 dateAdd dateSub date_trunc=dateTrunc dateTrunc to_char=formatDateTime@
    2   date_add@ date_subtract=date_sub@ timeStampAdd timeStampSub dateName
    2   addYears addMonths addWeeks addDays addHours addMinutes addSeconds addQuarters
    2   subtractYears subtractMonths subtractWeeks subtractDays subtractHours subtractMinutes subtractSeconds
    2   subtractQuarters
    6-7 make_timestamp=makeDateTime@
    3   make_date=makeDate
    1   toIntervalSecond toIntervalMinute toIntervalHour toIntervalDay toIntervalWeek toIntervalMonth
    1   toIntervalQuarter toIntervalYear
    2   tumble
    3   hop
    1-3 tumbleStart tumbleEnd hopStart hopEnd
  `)
}
