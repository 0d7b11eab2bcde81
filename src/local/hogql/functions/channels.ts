const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** The kinds of well-known sites. PostHog's dictionary has more of them; it belongs to PostHog. */
const SITES: Readonly<Record<string, readonly string[]>> = {
  Search: words(`
    google google.com google.ca google.ch google.de google.es google.fr google.it google.nl google.pl google.se
    google.co.in google.co.jp google.co.uk google.com.au google.com.br google.com.mx bing bing.com yahoo yahoo.com
    yahoo.co.jp yandex yandex.com yandex.ru baidu baidu.com ask.com search.brave.com
  `),
  Social: words(
    'x.com news.ycombinator.com xing xing.com yelp yelp.com blogger blogger.com bit.ly hootsuite',
  ),
  Video: words('youtube youtube.com m.youtube.com hulu hulu.com youku.com bilibili.com'),
  Shopping: words('amazon amazon.com amazon.co.uk alibaba alibaba.com bol.com zalando.com'),
  Email: words('mail.google.com mail.yahoo.com mail.aol.com'),
}

/** Sites that PostHog's dictionary does not list. */
export const UNLISTED_SITES: readonly string[] = ['github.com', 'example.com', '$direct']

/** The media that PostHog's dictionary lists: the channel, and the one of a paid visit where it differs. */
const MEDIA: Readonly<Record<string, readonly string[]>> = {
  Affiliate: ['affiliate', 'partnership', 'partnerships'],
  Audio: ['audio'],
  Display: words('banner cpm display expandable interstitial'),
  Email: ['e mail', 'e-mail', 'e_mail', 'email'],
  Push: words('mobile notification push'),
  Referral: words('app link referral'),
  'Organic Social': ['sm', 'social', 'social media', 'social network', 'social-media', 'social-network'],
  'Organic Video': ['video'],
}

/** Channels of paid visits by the channel of a medium. The others have none. */
const PAID_MEDIA: Readonly<Record<string, string>> = {
  Display: 'Display',
  'Organic Social': 'Paid Social',
  'Organic Video': 'Paid Video',
}

/** What a lookup finds, by key. */
export type ChannelTable = readonly (readonly [key: string, value: string])[]

const pairs = (
  groups: Readonly<Record<string, readonly string[]>>,
  value: (group: string) => string | undefined,
): ChannelTable =>
  Object.entries(groups).flatMap(([group, names]) => {
    const found = value(group)
    return found === undefined ? [] : names.map((name): readonly [string, string] => [name, found])
  })

/**
 * The tables of `lookupDomainType` and its siblings. Source: the dictionary in posthog/models/channel_type of
 * PostHog/posthog.
 */
export const CHANNEL_TABLES: Readonly<
  Record<string, { readonly table: ChannelTable; readonly isSite: boolean }>
> = {
  lookupDomainType: { isSite: true, table: pairs(SITES, (kind) => kind) },
  lookupPaidSourceType: {
    isSite: true,
    table: pairs(SITES, (kind) => (kind === 'Email' ? undefined : `Paid ${kind}`)),
  },
  lookupOrganicSourceType: {
    isSite: true,
    table: pairs(SITES, (kind) => (kind === 'Email' ? kind : `Organic ${kind}`)),
  },
  lookupPaidMediumType: { isSite: false, table: pairs(MEDIA, (channel) => PAID_MEDIA[channel]) },
  lookupOrganicMediumType: { isSite: false, table: pairs(MEDIA, (channel) => channel) },
}

/** Names of all sites whose kind is known. */
export const KNOWN_SITES: readonly string[] = Object.values(SITES).flat()
