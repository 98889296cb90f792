// npm start: VS Code with the extension and a sample app that still uses a secret.
import './nodeVersion.mjs';

const { start } = await import('./start.ts');
process.exitCode = await start();
