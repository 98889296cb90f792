/** A process that does one action of the setup room and is killed at a chosen change of the disk. Bundled and run by the fault tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applySetup, planSetup, resumeSetup, undoSetup } from '../index.ts';
import { dyingFileSystem } from './dyingFileSystem.ts';
import { appAt, choicesFor, handMadeTools, makePorts, materialOf } from './sampleApp.ts';
import type { KeyFrom } from '../../appConfig/types.ts';

/** What the child is told, as JSON in its one argument. */
export interface Errand {
  readonly action: 'apply' | 'applyLater' | 'undo' | 'resume';
  readonly base: string;
  readonly keyFrom: KeyFrom;
  /** Folder with cert.pem and key.pem. */
  readonly material: string;
  readonly dieAt: number;
}

async function main(errand: Errand): Promise<void> {
  const app = appAt(errand.base);
  const fs = dyingFileSystem(errand.dieAt);
  const ports = makePorts(app, fs);
  const tools = handMadeTools(ports.files);
  const { file } = app.config;
  switch (errand.action) {
    case 'apply':
    case 'applyLater': {
      const read = (name: string) => readFileSync(join(errand.material, name));
      const material = materialOf(read('cert.pem'), read('key.pem'));
      const rewriteNow = errand.action === 'apply';
      const planned = await planSetup(choicesFor(app, material, { keyFrom: errand.keyFrom, rewriteNow }), tools);
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
