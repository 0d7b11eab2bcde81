/** Values in HogQL that the channel of a session or a person depends on. */
export interface ChannelParts {
  readonly campaign: string
  readonly medium: string
  readonly source: string
  readonly domain: string
  readonly gclid: string
  readonly fbclid: string
  readonly gadSource: string
}

const SHOP = "'(([^a-df-z]|^)shop|shopping)'"
const PAID_MEDIA = ['cpc', 'cpm', 'cpv', 'cpa', 'ppc', 'retargeting']
const NO_SOURCE = ['(direct)', 'direct', '$direct']

/**
 * The channel type as HogQL, such as 'Direct' or 'Organic Search'. It calls `lookupPaidSourceType` and its siblings.
 *
 * Source: posthog/hogql/database/schema/channel_type.py of PostHog/posthog, and its page on channel types.
 */
export function channelType(parts: ChannelParts): string {
  const [campaign, medium, source] = [parts.campaign, parts.medium, parts.source].map(
    (value) => `lower(${filled(value)})`,
  )
  const { domain } = parts
  const gadSource = filled(parts.gadSource)
  const [hasGclid, hasFbclid] = [parts.gclid, parts.fbclid].map((value) => `isNotNull(${filled(value)})`)
  const isVideo = `match(${campaign}, 'video')`

  const isPaid = `${medium} IN (${texts(PAID_MEDIA)}) OR startsWith(${medium}, 'paid') OR ${hasGclid} OR isNotNull(${gadSource})`
  const paidRest = `multiIf(${gadSource} = '1', 'Paid Search', ${isVideo}, 'Paid Video', ${hasFbclid}, 'Paid Social', 'Paid Unknown')`
  const isDirect =
    `${domain} = '$direct' AND isNull(${medium}) AND ` +
    `(isNull(${source}) OR ${source} IN (${texts(NO_SOURCE)})) AND NOT ${hasFbclid}`
  const organicRest =
    `multiIf(${isVideo}, 'Organic Video', match(${medium}, 'push$'), 'Push', ${hasFbclid}, 'Organic Social', ` +
    `${domain} = '$direct', 'Direct', isNotNull(${domain}), 'Referral', 'Unknown')`
  const lookUp = (kind: string, rest: string): string =>
    `coalesce(lookup${kind}SourceType(${source}), if(match(${campaign}, ${SHOP}), '${kind} Shopping', NULL), ` +
    `lookup${kind}MediumType(${medium}), lookup${kind}SourceType(${domain}), ${rest})`

  return (
    `multiIf(match(${campaign}, 'cross-network'), 'Cross Network', ` +
    `${isPaid}, ${lookUp('Paid', paidRest)}, ${isDirect}, 'Direct', ${lookUp('Organic', organicRest)})`
  )
}

/** The kind of the domain that referred to the first visit of a person. `path` is the path of the properties. */
export function initialDomainType(path: string): string {
  const domain = `toString(${path}.$initial_referring_domain)`
  return `if(${domain} = '$direct', '$direct', lookupDomainType(${domain}))`
}

/** The channel type of the first visit of a person. `path` is the path of the properties. */
export function initialChannelType(path: string): string {
  const property = (name: string): string => `toString(${path}.$initial_${name})`
  return channelType({
    campaign: property('utm_campaign'),
    medium: property('utm_medium'),
    source: property('utm_source'),
    domain: property('referring_domain'),
    gclid: property('gclid'),
    fbclid: property('fbclid'),
    gadSource: property('gad_source'),
  })
}

function filled(value: string): string {
  return `nullIf(nullIf(${value}, ''), 'null')`
}

function texts(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(', ')
}
