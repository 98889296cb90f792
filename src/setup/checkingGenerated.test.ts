import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { planRewrite } from '../appConfig/index.ts';
import type { RewriteRequest } from '../appConfig/types.ts';
import { applyEdits } from '../base/edits.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { app, useCheckedApp } from './testing/checkedApp.ts';

const vault = { origin: 'https://contoso.vault.azure.net', certificate: 'app', version: '0123456789abcdef'.repeat(2) };

describe('what this extension writes', function () {
  this.timeout(120_000);
  const t = useCheckedApp();

  const cases: Record<string, () => Partial<RewriteRequest> & Pick<RewriteRequest, 'keyFrom'>> = {
    file: () => ({ keyFrom: 'file', privateKeyPath: path.join(t.root, 'certs/app.key'), passphrase: 'open me' }),
    environment: () => ({ keyFrom: 'environment', privateKeyPem: t.pem }),
    keyVault: () => ({ keyFrom: 'keyVault', vault }),
    keyVaultSign: () => ({ keyFrom: 'keyVaultSign', vault }),
  };
  for (const [kind, request] of Object.entries(cases)) {
    it(`has nothing wrong with it: ${kind}`, async () => {
      execFileSync('git', ['-C', t.root, 'init'], { stdio: 'ignore' });
      t.write('.env', 'SECRET=abc~1\n');
      t.write('.gitignore', '.env\n');
      // CommonJS cannot wait for a vault while it loads.
      const code = app('clientSecret: process.env.SECRET,').replace('client = new', 'client = async () => new');
      t.write('auth.js', code);
      const plan = await planRewrite(
        {
          file: path.join(t.root, 'auth.js'),
          thumbprintSha256: t.sha256,
          thumbprintSha1: t.sha1,
          roots: [t.root],
          ...request(),
        },
        nodeFiles,
      );
      assert.equal(plan.status, 'rewrite');
      for (const { path: file, before = '', edits } of plan.files) {
        t.write(path.relative(t.root, file), applyEdits(before, edits));
      }
      assert.deepEqual(await t.check(readFileSync(path.join(t.root, 'auth.js'), 'utf8'), true), []);
    });
  }
});
