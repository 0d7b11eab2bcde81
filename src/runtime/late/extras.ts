// Loaded by programs that trace, stream, have middlewares of their own, hold answers against schemas, or use what
// PostHog is about to remove.

export { inSpan } from '../observe/in-span.ts'
export { tellNotice } from '../observe/notices.ts'
export { streamBody } from '../transport/stream-body.ts'
export { throughMiddlewares } from '../transport/through-middlewares.ts'
export { validateAnswer } from '../transport/validate.ts'
