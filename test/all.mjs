// npm test: everything, or the stages that are named: npm test -- unit workbench
import './host/nodeVersion.mjs';

const { all } = await import('./host/all.ts');
process.exitCode = await all(process.argv.slice(2));
