// Runs PostHog's parser outside the test's thread: only a thread of its own can be stopped.
import { parentPort } from 'node:worker_threads'
import createParser from '@posthog/hogql-parser'

const parser = await createParser()
parentPort?.on('message', (query) => parentPort?.postMessage(parser.parseSelect(query, true)))
parentPort?.postMessage('ready')
