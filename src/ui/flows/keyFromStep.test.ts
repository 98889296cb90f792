import assert from 'node:assert/strict';
import { planRewrite } from '../../appConfig/index.ts';
import { memoryReader } from '../../appConfig/testing/memoryReader.ts';
import type { AppConfig, RewriteRequest } from '../../appConfig/types.ts';
import { ExpectedError } from '../../base/errors.ts';
import * as certificates from '../../certificates/index.ts';
import { back } from '../questions.ts';
import { runSteps } from '../steps.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import type { Report } from '../views/report.ts';
import { keyFromStep } from './keyFromStep.ts';
import type { SetUpAnswers, SetUpFlow, SetUpMemory } from './setUpFlow.ts';

const inVault = { kind: 'vault', vault: 'contoso-web', name: 'app' } as const;
const selfSigned = { kind: 'selfSigned', subject: 'CN=mine' } as const;
const app = (version?: string): AppConfig => ({
  file: '/app/auth.js',
  line: 1,
  column: 1,
  credential: 'secret',
  tenantKind: 'workforce',
  moduleKind: 'commonjs',
  language: 'javascript',
  msal: version === undefined ? { source: 'unknown' } : { version, source: 'installed' },
  appRoot: '/app',
});
const azure = { kind: 'azure', trace: 'azure.yaml' } as const;

async function ask(initial: SetUpAnswers, script: readonly ScriptedAnswer[], more: Partial<SetUpFlow> = {}) {
  const questions = scriptedQuestions(...script);
  const flow: SetUpFlow = {
    configs: [],
    memory: {} satisfies SetUpMemory,
    ways: ['selfSigned', 'file', 'vault', 'vaultNew'],
    certificates: () => certificates,
    defaults: () => ({ subject: 'CN=app', validityDays: 365 }),
    relative: (file) => file,
    certificateFiles: [],
    openFile: () => Promise.reject(new Error('not used here')),
    showCommands: () => Promise.reject(new Error('not used here')),
    chooseInVault: () => Promise.reject(new Error('not used here')),
    nameInVault: () => Promise.reject(new Error('not used here')),
    checkApp: () => Promise.resolve(),
    runPlace: () => Promise.resolve(undefined),
    compare: () => undefined,
    checkInVault: () => Promise.resolve(),
    ...more,
  };
  const answers = await runSteps('Set Up', [keyFromStep(flow)], { config: app('7.2.3'), ...initial }, questions);
  questions.done();
  return { answers, asked: questions.asked };
}

/** What the rewriter itself says of an app with this msal-node. */
function realCheck(version: string | undefined): SetUpFlow['checkApp'] {
  const reader = memoryReader({
    '/app/auth.js':
      "const msal = require('@azure/msal-node');\nmodule.exports = async () => new msal.ConfidentialClientApplication({\n  auth: { clientId: 'a', authority: 'https://login.microsoftonline.com/b', clientSecret: process.env.SECRET },\n});\n",
    '/app/package.json': JSON.stringify({ dependencies: { '@azure/msal-node': '*' } }),
    ...(version === undefined
      ? {}
      : { '/app/node_modules/@azure/msal-node/package.json': JSON.stringify({ name: '@azure/msal-node', version }) }),
  });
  return async ({ file }, keyFrom = 'file') => {
    const request: RewriteRequest = {
      file,
      keyFrom,
      thumbprintSha256: '0'.repeat(64),
      thumbprintSha1: '0'.repeat(40),
      roots: ['/app'],
      privateKeyPath: '/app/certs/app.key',
      privateKeyPem: 'key',
      vault: { origin: 'https://v.vault.azure.net', certificate: 'app', version: '0'.repeat(32) },
    };
    await planRewrite(request, reader);
  };
}

describe('the question how the app gets its key', () => {
  for (const [version, first] of [
    ['2.8.1', 'Key Vault Signs'],
    ['7.2.3', 'Key Vault Signs'],
    ['10.0.0', 'Key Vault Signs'],
    ['2.6.6', 'From Key Vault'],
    ['1.18.4', 'From Key Vault'],
    [undefined, 'From Key Vault'],
  ] as const)
    it(`recommends ${first} for a certificate of a vault with msal-node ${version ?? 'of an unknown version'}`, async () => {
      const { asked } = await ask({ certificate: inVault }, [first], { checkApp: realCheck(version) });
      const [{ offered = [], said = [], value } = { value: '' }] = asked;
      assert.equal(offered.length, 4);
      assert.match(offered[0] ?? '', new RegExp(first));
      assert.equal(value, offered[0]);
      const signing = said[offered.findIndex((label) => label.startsWith('Key Vault Signs'))] ?? '';
      assert.equal(signing.startsWith('needs @azure/msal-node 2.8.1 or later'), first === 'From Key Vault');
    });

  it('is not asked where msal-node can use no certificate at all: the reason is told', async () => {
    await assert.rejects(ask({ certificate: inVault }, [], { checkApp: realCheck('2.8.0') }), {
      code: 'msal-node-2-8-0',
    });
  });

  it('shows all four ways for a certificate of this machine, each with the same five facts', async () => {
    const { asked, answers } = await ask({ certificate: selfSigned }, ['Key File']);
    assert.deepEqual(asked[0]?.offered, [
      'From a Key File',
      'From an Environment Variable',
      'From Key Vault, When the App Starts',
      'Key Vault Signs, the Key Never Leaves It',
    ]);
    assert.equal(asked[0].value, 'From a Key File');
    assert.match(asked[0].said?.[0] ?? '', /^recommended for one machine \|/);
    for (const line of asked[0].said ?? []) {
      const [, detail = ''] = line.split(' | ');
      assert.equal(detail.split(' · ').length, 5, detail);
      assert.match(detail, /^Key .* msal-node /);
    }
    assert.deepEqual(answers.certificate, selfSigned);
  });

  it('recommends what the project looks like, and says what says so', async () => {
    const places = [
      [azure, selfSigned, 'Key Vault Signs', 'recommended: runs in Azure (azure.yaml)'],
      [
        { kind: 'container', trace: 'Dockerfile' },
        selfSigned,
        'Environment',
        'recommended: runs in a container (Dockerfile)',
      ],
      [{ kind: 'container', trace: 'Dockerfile' }, inVault, 'Key Vault Signs', 'recommended for production'],
      [{ kind: 'azure', trace: '@azure/identity', isPackage: true }, selfSigned, 'Key Vault Signs', '@azure/identity'],
    ] as const;
    for (const [place, certificate, first, why] of places) {
      const chosen = { chooseInVault: () => Promise.resolve(inVault), runPlace: () => Promise.resolve(place) };
      const script = first === 'Key Vault Signs' && certificate === selfSigned ? [first, 'From Key Vault…'] : [first];
      const { asked } = await ask({ certificate }, script, chosen);
      assert.match(asked[0]?.offered?.[0] ?? '', new RegExp(first));
      assert.equal(asked[0]?.value, asked[0]?.offered?.[0]);
      assert.ok(asked[0]?.said?.[0]?.includes(why), asked[0]?.said?.[0]);
    }
  });

  it('recommends fetching in Azure where msal-node cannot have it signed', async () => {
    const more = { checkApp: realCheck('2.6.6'), runPlace: () => Promise.resolve(azure) };
    const { asked } = await ask({ certificate: selfSigned }, ['Key File'], more);
    assert.match(asked[0]?.value ?? '', /When the App Starts/);
  });

  it('leads from a certificate of this machine to one of a vault, and keeps the answer', async () => {
    const more: Partial<SetUpFlow> = {
      chooseInVault: () => Promise.resolve(inVault),
      nameInVault: (_questions, _frame, subject) =>
        Promise.resolve({ kind: 'vaultNew', vault: 'contoso-web', name: 'new', subject }),
    };
    const there = await ask({ certificate: selfSigned }, ['Key Vault Signs', 'From Key Vault…'], more);
    assert.deepEqual(there.answers, { config: app('7.2.3'), certificate: inVault, keyFrom: 'keyVaultSign' });
    const script: ScriptedAnswer[] = ['Key Vault Signs', back, 'When the App Starts', 'New in Key Vault…'];
    const made = await ask({ certificate: selfSigned }, script, more);
    const expected = { kind: 'vaultNew', vault: 'contoso-web', name: 'new', subject: 'CN=mine' };
    assert.deepEqual(made.answers, { config: app('7.2.3'), certificate: expected, keyFrom: 'keyVault' });
    // Back shows the list on the way that was chosen; it is still the same step.
    assert.match(made.asked[2]?.value ?? '', /^Key Vault Signs/);
    assert.ok(made.asked.every(({ position }) => position === '1/1'));
  });

  it('stays with the certificate of this machine where nobody can be signed in, and says why', async () => {
    const chooseInVault = () => Promise.reject(new ExpectedError('sign-in-failed', 'Run az login.'));
    const script = ['Key Vault Signs', 'From Key Vault…', 'Key File'];
    const { answers, asked } = await ask({ certificate: selfSigned }, script, { chooseInVault });
    assert.deepEqual([answers.keyFrom, answers.certificate, asked[2]?.prompt], ['file', selfSigned, 'Run az login.']);
  });

  it('does not replace a certificate that was chosen beforehand: it says what to do instead', async () => {
    const script = ['When the App Starts', 'Key File'];
    const { answers, asked } = await ask({ certificate: selfSigned }, script, { certificateGiven: true });
    assert.equal(answers.keyFrom, 'file');
    assert.match(asked[0]?.said?.[2] ?? '', /^not for this app \| .*Import Certificate into Vault/);
    assert.match(asked[1]?.prompt ?? '', /Import Certificate into Vault/);
  });

  it('starts from what was chosen the last time, unless that cannot work here', async () => {
    const more = { memory: { vaultKeyFrom: 'keyVault' } } as const;
    const { asked } = await ask({ certificate: inVault }, ['When the App Starts'], more);
    assert.match(asked[0]?.value ?? '', /When the App Starts/);
    const checkApp = realCheck('2.6.6');
    const other = { memory: { vaultKeyFrom: 'keyVaultSign' }, checkApp } as const;
    const old = await ask({ certificate: inVault }, ['When the App Starts'], other);
    assert.match(old.asked[0]?.value ?? '', /When the App Starts/);
  });

  it('says why this account cannot have it signed, and offers the others', async () => {
    const checkInVault: SetUpFlow['checkInVault'] = (_certificate, keyFrom) =>
      keyFrom === 'keyVaultSign'
        ? Promise.reject(new ExpectedError('vault-forbidden', 'Ask for the role "Key Vault Crypto User".'))
        : Promise.resolve();
    const script = ['Key Vault Signs', 'When the App Starts'];
    const { answers, asked } = await ask({ certificate: inVault }, script, { checkInVault });
    assert.equal(answers.keyFrom, 'keyVault');
    assert.equal(asked[1]?.prompt, 'Ask for the role "Key Vault Crypto User".');
  });

  it('says why the app cannot be rewritten in one way, before and after it is chosen, and offers the others', async () => {
    const checkApp: SetUpFlow['checkApp'] = (_config, keyFrom) =>
      keyFrom === 'file' ? Promise.reject(new ExpectedError('no-place', 'There is no place.')) : Promise.resolve();
    const { answers, asked } = await ask({ certificate: selfSigned }, ['Key File', 'Environment'], { checkApp });
    assert.deepEqual([answers.keyFrom, asked[1]?.prompt], ['environment', 'There is no place.']);
    assert.match(asked[0]?.value ?? '', /Environment/);
    assert.ok(asked[0]?.said?.includes('not for this app | There is no place.'));
  });

  it('has a button that compares all four, with what holds for this app', async () => {
    const shown: Report[] = [];
    const more = { checkApp: realCheck('2.6.6'), compare: (report: Report) => void shown.push(report) };
    const { asked } = await ask({ certificate: selfSigned }, ['Key File'], more);
    asked[0]?.help?.show();
    const [report] = shown;
    assert.equal(report?.sections.length, 4);
    for (const { rows = [] } of report.sections) {
      assert.equal(rows.length, 6);
      assert.ok(rows.every(({ value }) => value !== ''));
    }
    const notes = report.sections.map(
      (section) => section.notes?.map(({ severity, text }) => `${severity} ${text}`)[0],
    );
    assert.match(notes[0] ?? '', /^success Recommended/);
    assert.match(notes[3] ?? '', /^warning .*2\.6\.6/);
    assert.deepEqual([notes[1], notes[2]], [undefined, undefined]);
  });
});
