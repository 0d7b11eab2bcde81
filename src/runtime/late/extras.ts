// Loaded by programs that trace, stream, have middlewares of their own, or hold answers against schemas.

export { inSpan } from '../observe/in-span.ts'
export { streamBody } from '../transport/stream-body.ts'
export { throughMiddlewares } from '../transport/through-middlewares.ts'
export { validateAnswer } from '../transport/validate.ts'
