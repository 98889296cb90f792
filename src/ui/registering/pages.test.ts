import assert from 'node:assert/strict';
import type { AdministratorCalls } from '../../azure/types.ts';
import type { AppConfig } from '../../appConfig/types.ts';
import type { CertificateDescription } from '../../certificates/types.ts';
import { retireReport } from '../views/retireReport.ts';
import { deploymentNeeds } from './deploymentNeeds.ts';
import { handOverPage } from './handOverPage.ts';

const certificate = {
  subject: 'CN=app | <img src=x>, O=`Contoso`',
  notBefore: '2026-11-23T00:00:00.000Z',
  notAfter: '2027-11-23T00:00:00.000Z',
  thumbprintSha256: 'A'.repeat(64),
  thumbprintSha1: 'B'.repeat(40),
} as CertificateDescription;
const calls: AdministratorCalls = {
  portal: 'https://portal.example/#@tenant/view/x',
  az: ['az login', 'az ad app credential reset'],
  graph: [
    { method: 'GET', address: 'https://graph.example/v1.0/applications' },
    { method: 'PATCH', address: 'https://graph.example/v1.0/applications', body: '{"a":1}' },
  ],
};

describe('the page for the administrator', () => {
  it('has all three ways, the thumbprints, dates and where', () => {
    const page = handOverPage({ appId: 'the-app', tenant: 'contoso.com', calls, certificate, file: 'app' });
    for (const part of [
      'the-app',
      'contoso.com',
      '`app.cer`',
      'A'.repeat(64),
      'B'.repeat(40),
      '2026-11-23 to 2027-11-23',
      '(https://portal.example/#@tenant/view/x)',
      '~~~sh\naz login\naz ad app credential reset\n~~~',
      'PATCH https://graph.example/v1.0/applications\nContent-Type: application/json\n\n{"a":1}',
    ]) {
      assert.ok(page.includes(part), part);
    }
  });

  it('shows a stranger’s name as text', () => {
    const registration = {
      tenant: 't',
      appId: 'a',
      objectId: 'o',
      displayName: '[x](https://evil.example) | y\n# z',
      certificates: [],
      secrets: [],
    };
    const page = handOverPage({ appId: 'a', tenant: 't', calls, certificate, file: 'app', registration });
    assert.doesNotMatch(page, /(?<!\\)\[x\]|(?<!\\)<img|^# z/m);
    assert.match(page, /\\\[x\\\]/);
  });
});

describe('what every deployment needs', () => {
  const config = {
    certificate: {
      thumbprint: { value: 'A', source: { kind: 'environment', variable: 'THUMBPRINT', hasFallback: false } },
      privateKey: { kind: 'expression', expression: 'x' },
    },
  } as unknown as AppConfig;

  it('names variables once, the key, and the identity’s role; never the old secret’s variable', () => {
    const file = deploymentNeeds({
      config,
      keyFrom: 'file',
      variables: { thumbprint: 'THUMBPRINT', keyPath: 'KEY_PATH', secret: 'OLD_SECRET' },
    }).join('\n');
    assert.match(file, /THUMBPRINT, KEY_PATH/);
    assert.match(file, /private key file/);
    assert.doesNotMatch(file, /OLD_SECRET|THUMBPRINT.*THUMBPRINT/);
    const vault = { origin: 'https://v.vault.azure.net', certificate: 'c', version: 'latest' };
    assert.match(deploymentNeeds({ config, keyFrom: 'keyVault', vault }).join('\n'), /Key Vault Certificate User/);
  });
});

describe('the page about a retired secret', () => {
  const result = {
    application: 'a',
    registration: { objectId: 'o', displayName: 'Tool', tenant: 't' },
    removed: [{ keyId: 'k', displayName: 'tool secret', hint: 'abc', expires: '2027-01-01T00:00:00.000Z' }],
    left: [
      { kind: 'value', place: 'file', file: '/w/docker-compose.yml', line: 3, message: 'Delete it.' },
      { kind: 'value', place: 'gitHistory', file: '.env', commits: ['0123456789abcdef'], message: 'In the history.' },
      { kind: 'secret', place: 'registration', message: 'Another one.' },
    ],
    changed: ['/w/.env'],
    warnings: [{ code: 'client-id-not-known', message: 'Whose secret is it?', file: '/w/jobs.js', line: 7 }],
  } as const;

  it('lists what is gone and what is left, each with a way to it, and offers the way back once', async () => {
    let undone = 0;
    const report = retireReport(
      result,
      (file) => file.slice(3),
      () => {
        undone++;
        return Promise.resolve();
      },
    );
    const text = JSON.stringify(report);
    for (const part of ['tool secret', 'began with abc', 'docker-compose.yml:3', '0123456789', 'Another one.']) {
      assert.ok(text.includes(part), part);
    }
    const actions = report.sections.flatMap(({ rows = [], notes = [] }) =>
      [...rows, ...notes].flatMap((row) => row.actions ?? []),
    );
    const calls = actions.flatMap(({ does }) => (does.kind === 'call' ? [does] : []));
    assert.equal(calls.length, 1);
    await calls[0]?.act();
    assert.equal(undone, 1);
    assert.ok(actions.some(({ does }) => does.kind === 'openFile' && does.line === 3));
    assert.ok(text.includes('Whose secret is it?'));
    assert.ok(actions.some(({ does }) => does.kind === 'openFile' && does.file === '/w/jobs.js' && does.line === 7));
    const without = JSON.stringify(retireReport({ ...result, left: [] }, (file) => file, undefined));
    assert.match(without, /Nothing of it was found/);
  });
});
