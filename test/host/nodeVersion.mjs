// Imported first by every script: says in one sentence what is wrong where an old Node runs it, instead of failing on syntax.
// `npm run …` and `npx …` never get here with an old Node: npm puts node_modules/.bin, where the package "node" lives, first.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `This script needs Node 22.18 or newer and was started by Node ${process.versions.node}. ` +
      'Start it through npm (npm ci, then npm start or npm test), which uses the Node 24 of the devDependencies.',
  );
  process.exit(1);
}
