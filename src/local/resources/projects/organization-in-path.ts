import { notFound } from '../../http/api-error.ts'
import type { Call } from '../../http/route.ts'
import { ORGANIZATION } from '../../store/account.ts'

/** Refuses every organization but the one there is. */
export function checkOrganization({ params }: Call): void {
  const asked = params['organization']
  if (asked !== '@current' && asked !== ORGANIZATION.id) throw notFound('Organization not found.')
}
