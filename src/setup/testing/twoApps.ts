/** Two apps, or two configs of one, that share an `.env` file; planned by the real rooms. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as appConfigs from '../../appConfig/index.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import * as certificates from '../../certificates/index.ts';
import type { CredentialMaterial } from '../../certificates/types.ts';
import { nodeLockOwners, nodeProcesses } from '../../ui/nodeProcesses.ts';
import { createNodeFiles } from '../../ui/nodeSetupPorts.ts';
import { createGit, planSetup } from '../index.ts';
import type { SetupPorts } from '../ports.ts';
import type { SetupChoices, SetupPlan } from '../types.ts';
import { clock } from './sampleApp.ts';

export const idOf = { a: '11111111-2222-3333-4444-555555555555', b: '22222222-2222-3333-4444-555555555555' };
export const head = `require('dotenv').config();
const msal = require('@azure/msal-node');
`;
/** @param secret an expression */
export const clientOf = (app: 'a' | 'b', secret = `process.env.${app.toUpperCase()}_SECRET`): string =>
  `exports.${app} = new msal.ConfidentialClientApplication({
  auth: {
    clientId: '${idOf[app]}',
    authority: 'https://login.microsoftonline.com/99999999-2222-3333-4444-555555555555',
    clientSecret: ${secret},
  },
});
`;
export const sharedEnv = 'A_SECRET=made-up-a\nB_SECRET=made-up-b\nPORT=1\n';

export interface TwoApps {
  readonly base: string;
  readonly root: string;
  readonly ports: SetupPorts;
  readonly tools: {
    readonly certificates: typeof certificates;
    readonly appConfigs: typeof appConfigs;
    readonly files: SetupPorts['files'];
    readonly clock: typeof clock;
  };
  at(name: string): string;
  text(name: string): string;
  configsIn(name: string): Promise<AppConfig[]>;
  /** @param which of the configs in the file, by its application */
  plan(name: string, material: CredentialMaterial, which: 'a' | 'b', more?: Partial<SetupChoices>): Promise<SetupPlan>;
  remove(): void;
}

export function makeTwoApps(sources: Readonly<Record<string, string>>): TwoApps {
  const base = mkdtempSync(join(tmpdir(), 'ccg-two-'));
  const root = join(base, 'app');
  const at = (name: string) => join(root, name);
  mkdirSync(root);
  const ignored = '.env*\ncerts\n';
  const manifest = '{"dependencies":{"@azure/msal-node":"5.0.0","dotenv":"17.0.0"}}';
  for (const [name, text] of Object.entries({
    'package.json': manifest,
    '.env': sharedEnv,
    '.gitignore': ignored,
    ...sources,
  }))
    writeFileSync(at(name), text);
  const files = createNodeFiles(nodeProcesses);
  const ports: SetupPorts = {
    files,
    git: createGit(nodeProcesses, files),
    editor: { isDirty: () => false },
    clock,
    journalFolder: join(base, 'journals'),
    processes: nodeLockOwners,
  };
  const tools = { certificates, appConfigs, files, clock };
  const configsIn = (name: string) => appConfigs.readAppConfigs(at(name), files, [root]);
  return {
    ...{ base, root, ports, tools, at, configsIn },
    text: (name) => readFileSync(at(name), 'utf8'),
    async plan(name, material, which, more = {}) {
      const config = (await configsIn(name)).find(({ clientId }) => clientId?.value === idOf[which]);
      if (config === undefined) throw new Error(`no config of ${which}`);
      const planned = await planSetup(
        {
          ...{ config, material, keyFrom: 'file', passphrase: 'generate', roots: [root], register: false, name: which },
          ...more,
        },
        tools,
      );
      if (planned.status !== 'plan') throw new Error(planned.reason);
      return planned.plan;
    },
    remove: () => rmSync(base, { recursive: true }),
  };
}
