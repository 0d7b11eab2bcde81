/** The output of `typehog endpoints pull` for the sample account, reduced to what examples and README use. */
export const pulledEndpoints = `
import type { Endpoint } from 'typehog'
export const endpoints = {
  topPages: {
    name: 'top-pages', version: 1, kind: 'HogQLQuery', materialized: false, columns: [],
  } as Endpoint<{ country?: string | null; since: string }, { path: string | null; views: number | null }>,
  usageOfPlan: {
    name: 'usage-of-plan', version: 1, kind: 'HogQLQuery', materialized: false, columns: [],
  } as Endpoint<{ plan?: string | null }, { event: string | null; times: number | null }>,
  planRevenue: {
    name: 'plan-revenue', version: 1, kind: 'HogQLQuery', materialized: true, columns: [],
  } as Endpoint<{ min_amount: number }, { plan: string | null; revenue: number | null }>,
}
`
