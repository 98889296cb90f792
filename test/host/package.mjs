// npm run package: the production build as a VSIX at the top level.
import './nodeVersion.mjs';

const { packageExtension } = await import('./vsix.ts');
console.log(await packageExtension());
