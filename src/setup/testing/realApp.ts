/** An app on disk for tests with the real rooms, and the ports to set it up with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeLockOwners, nodeProcesses } from '../../ui/nodeProcesses.ts';
import { createNodeFiles, type FileSystem } from '../../ui/nodeSetupPorts.ts';
import { createGit } from '../index.ts';
import type { SetupPorts } from '../index.ts';
import { clock } from './sampleApp.ts';

/** An app that reads its secret from `.env`; the path of its config. Makes the folder, not those above it. */
export function writeRealApp(root: string): string {
  const config = join(root, 'authConfig.js');
  mkdirSync(root);
  writeFileSync(join(root, 'package.json'), '{"dependencies":{"@azure/msal-node":"7.2.3","dotenv":"17.0.0"}}');
  writeFileSync(join(root, '.env'), 'CLIENT_SECRET=made-up\n');
  writeFileSync(
    config,
    `require('dotenv').config();
const msal = require('@azure/msal-node');
module.exports = new msal.ConfidentialClientApplication({
  auth: { clientId: 'x', authority: 'https://login.microsoftonline.com/y', clientSecret: process.env.CLIENT_SECRET },
});
`,
  );
  return config;
}

/** Without registrar and prover; the journal lies in `journal` below the folder. */
export function realPorts(base: string, fs?: FileSystem): SetupPorts {
  const files = createNodeFiles(nodeProcesses, fs === undefined ? {} : { fs });
  return {
    files,
    journalFolder: join(base, 'journal'),
    git: createGit(nodeProcesses, files),
    editor: { isDirty: () => false },
    clock: { ...clock, now: () => Date.now() },
    processes: nodeLockOwners,
  };
}
