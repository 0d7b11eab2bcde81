import type { OpenRoute } from '../http/open-route.ts'
import { BATCH_BYTES, capture, SINGLE_BYTES } from './capture.ts'
import { evaluateFlags } from './flags.ts'

/** The public routes, which know a project by its token. */
export const ingestRoutes: readonly OpenRoute[] = [
  ...['/i/v0/e/', '/e/', '/capture/', '/track/', '/engage/'].map(
    (path): OpenRoute => ({ method: 'POST', path, handle: (call) => capture(call, SINGLE_BYTES) }),
  ),
  { method: 'POST', path: '/batch/', handle: (call) => capture(call, BATCH_BYTES) },
  { method: 'POST', path: '/flags/', handle: evaluateFlags },
]
