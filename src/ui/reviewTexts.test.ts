import assert from 'node:assert/strict';
import type { SetupPlan } from '../setup/types.ts';
import { reviewTexts } from './reviewTexts.ts';

const secret = 'Abc8Q~old-secret-value';
const passphrase = 'generatedPassphrase123456';

function planOf(): SetupPlan {
  const env = `# app\nCLIENT_SECRET=${secret}\n`;
  return {
    config: { file: '/app/authConfig.js' } as SetupPlan['config'],
    certificate: {} as SetupPlan['certificate'],
    keyFrom: 'file',
    files: [
      { path: '/app/certs/app.key', role: 'privateKey', mode: 0o600, bytes: Buffer.from('key material') },
      { path: '/app/certs/app.crt', role: 'certificate', mode: 0o644, bytes: Buffer.from('certificate') },
      { path: '/app/certs/app.passphrase', role: 'passphrase', mode: 0o600, bytes: Buffer.from('x'), temporary: true },
    ],
    edits: [
      {
        path: '/app/.env',
        role: 'env',
        before: env,
        edits: [{ offset: env.length, length: 0, text: `CLIENT_CERTIFICATE_PASSPHRASE=${passphrase}\n` }],
        secrets: [{ value: secret }],
      },
      {
        path: '/app/.gitignore',
        role: 'gitignore',
        before: undefined,
        edits: [{ offset: 0, length: 0, text: '.env\n' }],
        secrets: [],
      },
    ],
    variables: {},
    warnings: [{ code: 'reader', message: `reads ${secret}`, file: '/app/x.js', line: 3 }],
    rewriteNow: true,
    register: false,
    prove: false,
    certificateDer: new Uint8Array(),
    roots: ['/app'],
    secrets: [passphrase],
  };
}

describe('what the review shows', () => {
  it('is every file before and after, with secrets masked on both sides', () => {
    const { files } = reviewTexts(planOf());
    assert.deepEqual(files, [
      {
        path: '/app/.env',
        before: '# app\nCLIENT_SECRET=••••••••\n',
        after: '# app\nCLIENT_SECRET=••••••••\nCLIENT_CERTIFICATE_PASSPHRASE=••••••••\n',
      },
      { path: '/app/.gitignore', before: undefined, after: '.env\n' },
    ]);
  });

  it('names new files with their mode, never their content, and leaves out temporary ones', () => {
    assert.deepEqual(reviewTexts(planOf()).created, [
      { path: '/app/certs/app.key', mode: '0600', isPrivate: true },
      { path: '/app/certs/app.crt', mode: '0644', isPrivate: false },
    ]);
  });

  it('names the packages that will be installed, and what the app takes from the vault', () => {
    const plan: SetupPlan = {
      ...planOf(),
      keyFrom: 'keyVault',
      vault: { origin: 'https://contoso.vault.azure.net', certificate: 'web', version: 'latest' },
      install: {
        manager: 'pnpm',
        args: ['add', '@azure/identity@^4.13.0'],
        folder: '/app',
        packages: [{ name: '@azure/identity', range: '^4.13.0' }],
      },
    };
    const { installs, vault } = reviewTexts(plan);
    assert.deepEqual(installs, { command: 'pnpm add', packages: ['@azure/identity@^4.13.0'], folder: '/app' });
    assert.deepEqual(vault, {
      certificate: 'web of contoso.vault.azure.net',
      version: 'Always the newest version, once it is a day old',
    });
    assert.equal(reviewTexts(planOf()).installs, undefined);
  });

  it('names the app registration that gets the certificate, and marks what waits for somebody else to upload it', () => {
    const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';
    const value = (text: string) => ({ value: text, source: { kind: 'literal' } }) as const;
    const plan: SetupPlan = {
      ...planOf(),
      config: {
        file: '/app/authConfig.js',
        clientId: value('my-app'),
        authority: value(`https://login.microsoftonline.com/${tenant}`),
      } as SetupPlan['config'],
      certificate: { subject: 'CN=web' } as SetupPlan['certificate'],
      register: true,
    };
    const { registration, files } = reviewTexts(plan);
    assert.deepEqual(registration, { subject: 'CN=web', application: 'to app my-app', tenant: `in tenant ${tenant}` });
    assert.ok(files.every(({ isLater }) => isLater === undefined));

    const handedOver = reviewTexts({ ...plan, rewriteNow: false });
    assert.equal(handedOver.registration, undefined);
    assert.deepEqual(
      handedOver.files.map(({ path, isLater }) => [path, isLater]),
      [
        ['/app/.env', true],
        ['/app/.gitignore', undefined],
      ],
    );
  });

  it('holds no secret anywhere', () => {
    const everything = JSON.stringify(reviewTexts(planOf()));
    for (const value of [secret, passphrase, 'key material']) assert.ok(!everything.includes(value), value);
  });
});
