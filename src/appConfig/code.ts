/** The code side of the room and esbuild entry `dist/rewriter.js`, which carries the parser; contract in `code.types.ts`. */
export { configureText } from '../base/text.ts';
export { findConfigImports } from './evidence.ts';
export { leftoverConstants } from './leftoverConstants.ts';
export { parseSource } from './parse.ts';
export { findSecretReaders, secretReaders } from './readers.ts';
export { resolveExpression } from './resolve.ts';
export { rewriteSite } from './rewrite.ts';
export { findSites } from './sites.ts';
export { readerWarning } from './warnings.ts';
