import assert from 'node:assert/strict';
import * as certificates from '../../certificates/index.ts';
import type { SetUpResult } from '../../setup/types.ts';
import { certificateReport } from './certificateReport.ts';
import type { Report } from './report.ts';
import { portalPage, resultReport } from './resultReport.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const result: SetUpResult = {
  config: '/app/authConfig.js',
  thumbprintSha256: 'AB'.repeat(32),
  thumbprintSha1: 'CD'.repeat(20),
  notAfter: '2027-01-01T00:00:00Z',
  files: { certificate: '/app/certs/app.crt', privateKey: '/app/certs/app.key' },
  changed: ['/app/.gitignore', '/app/.env', '/app/authConfig.js'],
  warnings: [
    { code: 'not-registered', message: 'Upload it.' },
    { code: 'secret-read-elsewhere', message: 'server.js reads it too.', file: '/app/server.js', line: 9 },
  ],
  keyFrom: 'file',
  registered: false,
  proven: false,
};
const facts = {
  result,
  isStopped: false,
  isRotation: false,
  clientId: 'app-id',
  now,
  relative: (file: string) => file.slice(5),
};

function deeds(report: Report) {
  return report.sections.flatMap((section) =>
    [...(section.rows ?? []), ...(section.notes ?? []), ...(section.steps ?? [])].flatMap((item) =>
      (item.actions ?? []).map((action) => action.does),
    ),
  );
}

describe('the result view', () => {
  it('says what was made, where, until when, and that the app signs in only after the upload', () => {
    const text = JSON.stringify(resultReport(facts));
    for (const part of [
      'certs/app.crt',
      'certs/app.key',
      'in 365 days',
      result.thumbprintSha1,
      'only once',
      'server.js:9',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  it('copies an Azure CLI command that keeps other credentials and registers the certificate to its end', () => {
    const copied = deeds(resultReport(facts)).flatMap((does) => (does.kind === 'copy' ? [does.text] : []));
    assert.ok(
      copied.includes(
        "az ad app credential reset --append --id 'app-id' --cert '@/app/certs/app.crt' --end-date '2026-12-31T23:59:59Z'",
      ),
      copied.join('\n'),
    );
  });

  it('of an app that uses a vault names certificate, version, role, sign-in on this machine and installed packages', () => {
    const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';
    const vault = { origin: 'https://contoso.vault.azure.net', certificate: 'web', version: 'f'.repeat(32), tenant };
    const inVault: SetUpResult = { ...result, keyFrom: 'keyVault', vault, installed: ['@azure/identity@^4.13.0'] };
    const report = resultReport({ ...facts, result: inVault });
    const text = JSON.stringify(report);
    for (const part of ['web of https://contoso.vault.azure.net', vault.version, '@azure/identity@^4.13.0'])
      assert.ok(text.includes(part), part);
    const copied = deeds(report).flatMap((deed) => (deed.kind === 'copy' ? [deed.text] : []));
    assert.ok(copied.includes(`az login --tenant ${tenant}`));
    const role = 'az role assignment create --role "Key Vault Certificate User" --assignee PRINCIPAL_ID --scope ';
    assert.ok(copied.includes(`${role}"$(az keyvault show --name contoso --query id --output tsv)"`), copied.join());
    const latest = resultReport({ ...facts, result: { ...inVault, vault: { ...vault, version: 'latest' } } });
    assert.match(JSON.stringify(latest), /certificates list/);
  });

  it('of an app whose assertions a vault signs names a role for the one key and one for its certificate', () => {
    const vault = { origin: 'https://contoso.vault.azure.net', certificate: 'web', version: 'latest' };
    const report = resultReport({ ...facts, result: { ...result, keyFrom: 'keyVaultSign', vault } });
    const copied = deeds(report).flatMap((deed) => (deed.kind === 'copy' ? [deed.text] : []));
    const scope = '--assignee PRINCIPAL_ID --scope "$(az keyvault show --name contoso --query id --output tsv)';
    assert.ok(
      copied.includes(
        `az role assignment create --role "Key Vault Crypto User" ${scope}/keys/web"\n` +
          `az role assignment create --role "Key Vault Reader" ${scope}/certificates/web"`,
      ),
      copied.join(),
    );
    assert.match(JSON.stringify(report), /keys sign, certificates get, certificates list/);
    // There is no key to put anywhere.
    for (const proven of [false, true]) {
      const told = JSON.stringify(
        resultReport({ ...facts, result: { ...result, proven, keyFrom: 'keyVaultSign', vault } }),
      );
      assert.doesNotMatch(told, /key in place/);
      assert.match(told, /the identity there needs the role above/);
      assert.match(JSON.stringify(resultReport({ ...facts, result: { ...result, proven } })), /key in place/);
    }
  });

  it('offers to copy, to open the portal, to reveal, to go to the line, to undo', () => {
    const found = deeds(resultReport(facts));
    assert.ok(found.some((deed) => deed.kind === 'copy' && deed.text === result.thumbprintSha256));
    assert.ok(found.some((deed) => deed.kind === 'openPage' && deed.address.endsWith('/appId/app-id')));
    assert.ok(found.some((deed) => deed.kind === 'reveal' && deed.file === '/app/certs/app.crt'));
    assert.ok(found.some((deed) => deed.kind === 'openFile' && deed.file === '/app/server.js' && deed.line === 9));
    assert.ok(found.some((deed) => deed.kind === 'run' && deed.command === 'clientCertificate.undoSetup'));
    assert.ok(
      found.every((deed) => deed.kind !== 'openFile' || deed.file !== '/app/certs/app.key'),
      'the key is never opened',
    );
  });

  it('offers what is left to do: upload and hand-over, then the proof, then retiring', () => {
    const ran = (more: Partial<SetUpResult>, isStopped = false) =>
      deeds(resultReport({ ...facts, isStopped, result: { ...result, ...more } }))
        .flatMap((deed) => (deed.kind === 'run' ? [deed.command.replace('clientCertificate.', '')] : []))
        .sort();
    assert.deepEqual(ran({}), ['handOver', 'prove', 'runApp', 'undoSetup', 'upload']);
    assert.deepEqual(ran({ registered: true }), ['prove', 'runApp', 'undoSetup']);
    assert.deepEqual(ran({ registered: true, proven: true }), ['retireSecret', 'runApp', 'undoSetup']);
    assert.deepEqual(ran({ stopped: true }, true), ['continueSetup', 'handOver', 'undoSetup', 'upload']);
    assert.deepEqual(ran({ stopped: true, registered: true }, true), ['continueSetup', 'undoSetup']);
  });

  it('speaks of the old certificate after a rotation, and never of a secret', () => {
    const proven = { ...result, registered: true, proven: true };
    for (const [each, isStopped] of [
      [proven, false],
      [{ ...proven, proven: false }, false],
      [{ ...proven, proven: false, stopped: true }, true],
    ] as const)
      assert.doesNotMatch(
        JSON.stringify(resultReport({ ...facts, isRotation: true, isStopped, result: each })),
        /(old|its|the) secret/,
      );
    const ran = deeds(resultReport({ ...facts, isRotation: true, result: proven })).flatMap((deed) =>
      deed.kind === 'run' ? [deed.command] : [],
    );
    assert.ok(ran.includes('clientCertificate.removeOldCertificate'));
    assert.ok(!ran.includes('clientCertificate.retireSecret'));
  });

  it('offers to continue where the rewrite was put off', () => {
    const report = resultReport({ ...facts, isStopped: true });
    assert.ok(report.title.includes('still uses its secret'));
    assert.ok(deeds(report).some((deed) => deed.kind === 'run' && deed.command === 'clientCertificate.continueSetup'));
  });

  it('opens the portal of the right cloud', () => {
    assert.match(portalPage('x', 'https://login.microsoftonline.us/t'), /^https:\/\/entra\.microsoft\.us\//);
    assert.match(
      portalPage('x', 'https://login.partner.microsoftonline.cn/t'),
      /^https:\/\/entra\.microsoftonline\.cn\//,
    );
    assert.match(portalPage('a/b', 'no address'), /^https:\/\/entra\.microsoft\.com\/.*\/appId\/a%2Fb$/);
    assert.ok(portalPage(undefined, undefined).endsWith('ApplicationsListBlade'));
  });
});

describe('the certificate view', () => {
  it('shows the facts of a certificate with copies of its thumbprints', async () => {
    const { description, certificateDer } = await certificates.selfSigned({ subject: 'CN=web app', now });
    const whole = certificateReport('/app.pfx', description, now);
    assert.equal(whole.title, 'CN=web app');
    assert.ok(deeds(whole).some((deed) => deed.kind === 'copy' && deed.text === description.thumbprintSha256));
    assert.equal(whole.sections[0]?.notes?.[0]?.severity, 'success');
    const publicOnly = certificateReport('/app.cer', await certificates.inspect(certificateDer, { now }), now);
    assert.deepEqual(
      publicOnly.sections[0]?.notes?.map(({ severity, text }) => [severity, text.includes('no private key')]),
      [['warning', true]],
    );
  });
});
