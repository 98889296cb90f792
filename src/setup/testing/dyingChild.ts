/**
 * A process that does one action of the setup room and is killed at a chosen change of the disk, or keeps what is on the disk
 * before every change. Bundled and run by the fault tests.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applySetup, planSetup, resumeSetup, undoSetup } from '../index.ts';
import { copyTree } from './copyTree.ts';
import { dyingFileSystem } from './dyingFileSystem.ts';
import { appAt, choicesFor, clock, handMadeTools, makePorts, materialOf, sampleVault } from './sampleApp.ts';
import type { KeyFrom } from '../../appConfig/types.ts';
import type { SetupPorts } from '../ports.ts';

/** What the child is told, as JSON in its one argument. */
export interface Errand {
  readonly action: 'apply' | 'applyLater' | 'undo' | 'resume';
  readonly base: string;
  readonly keyFrom: KeyFrom;
  /** Folder with cert.pem and key.pem. */
  readonly material: string;
  /** Number of the change before which it is killed. */
  readonly dieAt?: number;
  /** Folder for one copy of `base` for each change, as it is when a kill would come: `1`, `2`, … */
  readonly record?: string;
}

/** What the directory knows: the thumbprint of each upload, one a line. */
export function registrationOf(base: string): string {
  return join(base, 'registration');
}

function at(change: number, { base, dieAt, record }: Errand): void {
  if (change === dieAt) process.kill(process.pid, 'SIGKILL');
  if (record !== undefined) copyTree(base, join(record, String(change)));
}

async function main(errand: Errand): Promise<void> {
  const app = appAt(errand.base);
  const fs = dyingFileSystem((change) => {
    at(change, errand);
  });
  const ports: SetupPorts = {
    ...makePorts(app, fs),
    // The directory is outside of what a kill undoes: an upload that was made stays made.
    registrar: {
      register: ({ certificate }) => {
        appendFileSync(registrationOf(errand.base), `${certificate.thumbprintSha256 ?? ''}\n`);
        return Promise.resolve({ status: 'confirmed' });
      },
    },
    prover: {
      prove: () => {
        const proof = { at: new Date(clock.now()).toISOString(), thumbprintSha256: 'made-up', algorithm: 'PS256' };
        return Promise.resolve({ status: 'proven', proof });
      },
    },
  };
  const tools = handMadeTools(ports.files);
  const { file } = app.config;
  switch (errand.action) {
    case 'apply':
    case 'applyLater': {
      const read = (name: string) => readFileSync(join(errand.material, name));
      const material = materialOf(read('cert.pem'), read('key.pem'));
      const rewriteNow = errand.action === 'apply';
      const vault = errand.keyFrom === 'keyVault' ? { vault: sampleVault } : {};
      const choices = choicesFor(app, material, { keyFrom: errand.keyFrom, rewriteNow, ...vault });
      const planned = await planSetup(choices, tools);
      if (planned.status === 'plan') await applySetup(planned.plan, ports);
      break;
    }
    case 'undo':
      await undoSetup(file, ports);
      break;
    case 'resume':
      await resumeSetup(file, tools, ports);
      break;
  }
  process.stdout.write(`${fs.count()}`);
}

main(JSON.parse(process.argv[2] ?? '{}') as Errand).catch((error: unknown) => {
  process.stderr.write(
    error instanceof Error ? `${(error as Error & { code?: string }).code ?? ''}: ${error.stack ?? ''}` : 'failed',
  );
  process.exitCode = 3;
});
