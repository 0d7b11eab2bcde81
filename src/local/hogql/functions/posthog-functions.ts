/** A function of PostHog's own, which no database has. */
export interface PosthogFunction {
  /** Number of arguments. */
  readonly min: number
  readonly max: number
  readonly caseSensitive?: true
  /** What the function returns. */
  readonly returns: string
  /**
   * The call as HogQL over its arguments `{0}`, `{1}`, …, by the number of arguments. Absent: the compiler expands the
   * call itself, or the local PostHog cannot compute it (see `notLocal`).
   */
  readonly hogql?: Readonly<Record<number, string>>
  /** Why the local PostHog cannot compute the function. */
  readonly notLocal?: string
}

// The pattern of a SemVer version: three numbers without leading zeros, an optional `v`, an optional suffix.
const NUMBER = '(?:0|[1-9][0-9]*)'
const SEMVER = `^\\\\s*v?(${NUMBER}\\\\.${NUMBER}\\\\.${NUMBER})(?:[-+]\\\\S*)?\\\\s*$`

const BOTS = 'its list of bots belongs to PostHog'

/**
 * Functions of PostHog's own that HogQL accepts. `find-function.ts` explains how a name is looked up.
 *
 * Source: posthog/hogql/functions/posthog.py of PostHog/posthog, and the file that each entry names.
 */
export const POSTHOG_FUNCTIONS: ReadonlyMap<string, PosthogFunction> = new Map<string, PosthogFunction>([
  // sparkline.py. PostHog's app renders tuples that start with __hx_tag.
  ['sparkline', exact(1, 1, 'A small graph of an array.', { 1: tag('Sparkline', { data: '{0}' }) })],
  // recording_button.py
  [
    'recordingButton',
    exact(1, 2, 'A button that opens the recording of a session.', {
      1: tag('RecordingButton', { sessionId: '{0}', recordingStatus: 'properties.$recording_status' }),
      2: tag('RecordingButton', { sessionId: '{0}', recordingStatus: '{1}' }),
    }),
  ],
  // explain_csp_report.py
  [
    'explainCSPReport',
    exact(1, 1, 'A button that explains a report of a content security policy.', {
      1: tag('ExplainCSPReport', { properties: '{0}' }),
    }),
  ],
  // posthog.py. Text that is no version becomes [NULL], which is neither less nor greater than a version.
  [
    'sortablesemver',
    {
      min: 1,
      max: 1,
      returns: 'The three numbers of a SemVer version as an array: Array(Nullable(Int64)).',
      hogql: {
        1: `arrayMap(part -> accurateCastOrNull(part, 'Int64'), if(match(assumeNotNull({0}), '${SEMVER}'), splitByChar('.', extract(assumeNotNull({0}), '${SEMVER}')), ['']))`,
      },
    },
  ],
  // action.py. The argument is a constant: the id or the name of an action.
  ['matchesAction', exact(1, 1, 'Whether an event matches an action.')],
  // survey.py. Constants: the index of the question, the id of the question, whether it is multiple choice.
  [
    'getSurveyResponse',
    exact(
      1,
      3,
      'The answer to a question of a survey: $survey_response_<id>, else $survey_response (index 0) or ' +
        '$survey_response_<index>. Empty text is NULL. Multiple choice: an array of raw JSON.',
    ),
  ],
  // survey.py. Constants: the id of the survey, the first and the last moment.
  [
    'uniqueSurveySubmissionsFilter',
    exact(
      1,
      3,
      "Whether an event is the last 'survey sent' of its submission: its uuid is argMax(uuid, timestamp) of the " +
        "survey's events by $survey_submission_id, or by uuid where that is empty.",
    ),
  ],
  ...lookups(),
  ...trafficFunctions(),
  [
    'convertCurrency',
    { ...exact(3, 4, 'An amount in another currency.'), notLocal: 'its exchange rates belong to PostHog' },
  ],
  [
    'embedText',
    { ...exact(1, 2, 'The embedding of a text.'), notLocal: 'a model of PostHog computes embeddings' },
  ],
])

/** Functions on PostHog's list that the local PostHog cannot compute, with the reason. */
export const FUNCTIONS_NOT_LOCAL: ReadonlyMap<string, string> = new Map([
  ...['', '_array', '_cohort'].flatMap((kind) =>
    ['', '_trends', '_json', '_trends_json'].map((form): [string, string] => [
      `aggregate_funnel${kind}${form}`,
      'it is a program on the servers of PostHog',
    ]),
  ),
  ['aggregate_funnel_test', 'it is a program on the servers of PostHog'],
  ['aggregate_funnel_array_trends_test', 'it is a program on the servers of PostHog'],
  ['uniqTheta', 'the embedded ClickHouse is built without it'],
  ['uniqThetaIf', 'the embedded ClickHouse is built without it'],
])

function exact(
  min: number,
  max: number,
  returns: string,
  hogql?: Readonly<Record<number, string>>,
): PosthogFunction {
  return { min, max, caseSensitive: true, returns, ...(hogql !== undefined && { hogql }) }
}

/** A tuple that PostHog's app renders as a component. */
function tag(component: string, attributes: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(attributes).map(([name, value]) => `, '${name}', ${value}`)
  return `tuple('__hx_tag', '${component}'${pairs.join('')})`
}

/** posthog/hogql/database/schema/channel_type.py and posthog/models/channel_type. */
function lookups(): [string, PosthogFunction][] {
  const results = {
    lookupDomainType: 'The kind of a domain, such as Search or Social.',
    lookupPaidSourceType: 'The channel of a source that was paid for.',
    lookupPaidMediumType: 'The channel of a medium that was paid for.',
    lookupOrganicSourceType: 'The channel of a source.',
    lookupOrganicMediumType: 'The channel of a medium.',
  }
  return Object.entries(results).map(([name, returns]) => [name, exact(1, 1, returns)])
}

/** traffic_type.py: each takes a user agent, and the client's IP address as a second argument. */
function trafficFunctions(): [string, PosthogFunction][] {
  const results = {
    getTrafficType: 'AI Agent, Bot, Automation or Regular.',
    getTrafficCategory: "The kind of traffic, such as ai_crawler; 'regular' for people.",
    isLikelyBot: 'Whether a user agent or an address belongs to a bot.',
    getBotType: "The kind of a bot; '' for people.",
    getBotName: "The name of a bot; '' for people.",
    getBotOperator: "The company of a bot; '' for people.",
  }
  return Object.entries(results).flatMap(([name, returns]): [string, PosthogFunction][] => {
    const definition = { ...exact(1, 2, returns), notLocal: BOTS }
    const preview = name === 'isLikelyBot' ? 'isBot' : name
    return [
      [name, definition],
      [`__preview_${preview}`, definition],
    ]
  })
}
