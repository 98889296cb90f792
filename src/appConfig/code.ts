/** The code side of the room: contract in `code.types.ts`. */
export { findConfigImports } from './evidence.ts';
export { parseSource } from './parse.ts';
export { findSecretReaders, secretReaders } from './readers.ts';
export { resolveExpression } from './resolve.ts';
export { rewriteSite } from './rewrite.ts';
export { findSites } from './sites.ts';
