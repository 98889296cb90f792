// npm start: VS Code with the extension, a sample app that still uses a secret, and a sandbox for a cloud.
import './nodeVersion.mjs';
// The sandbox is written in TypeScript that Node alone does not run.
import 'tsx';

const { start } = await import('./start.ts');
process.exitCode = await start();
