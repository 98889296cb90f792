// npm run tour: renews the README's pictures in media/readme/.
import './host/nodeVersion.mjs';
// The sandbox is written in TypeScript that Node alone does not take.
import 'tsx';

const { tour } = await import('./workbench/tour.ts');
await tour();
