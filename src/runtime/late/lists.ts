// Loaded with the first list.

export { collect } from '../paging/collect.ts'
export { firstPage, walk } from '../paging/walk.ts'
