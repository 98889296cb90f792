import assert from 'node:assert/strict';
import type { AppConfig } from '../../appConfig/types.ts';
import type { Certificates } from '../../certificates/types.ts';
import * as certificates from '../../certificates/index.ts';
import { ExpectedError, isCancelled } from '../../base/errors.ts';
import { back } from '../questions.ts';
import { runSteps } from '../steps.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import { defaultPassphrase, setUpSteps } from './setUpFlow.ts';
import type { SetUpAnswers, SetUpFlow, SetUpMemory } from './setUpFlow.ts';

const configOf = (file: string): AppConfig => ({
  file,
  line: 3,
  column: 1,
  credential: 'secret',
  tenantKind: 'externalId',
  moduleKind: 'commonjs',
  language: 'javascript',
  msal: { source: 'unknown' },
  appRoot: '/work',
  envFile: '/work/.env',
});
const one = configOf('/work/a/authConfig.js');
const two = configOf('/work/b/authConfig.js');

function flowOf(memory: SetUpMemory = {}, more: Partial<SetUpFlow> = {}): SetUpFlow {
  return {
    configs: [one, two],
    memory,
    ways: ['selfSigned', 'openssl', 'file', 'vault', 'vaultNew'],
    certificates: (): Certificates => certificates,
    defaults: () => ({ subject: 'CN=web-app', validityDays: 365 }),
    relative: (file) => file.slice('/work/'.length),
    certificateFiles: ['/work/a/mine.pfx'],
    openFile: (file) => Promise.resolve({ kind: 'file', file }),
    chooseInVault: () => Promise.resolve({ kind: 'vault', vault: 'https://v.vault.azure.net', name: 'app' }),
    nameInVault: (_questions, _frame, subject) =>
      Promise.resolve({ kind: 'vaultNew', vault: 'https://v.vault.azure.net', name: 'new-app', subject }),
    checkApp: () => Promise.resolve(),
    runPlace: () => Promise.resolve(undefined),
    compare: () => undefined,
    checkInVault: () => Promise.resolve(),
    showCommands: ({ subject }) => Promise.resolve({ kind: 'file', file: `/tmp/${subject}.crt` }),
    ...more,
  };
}

async function answer(
  initial: SetUpAnswers,
  script: readonly ScriptedAnswer[],
  memory?: SetUpMemory,
  more?: Partial<SetUpFlow>,
) {
  const questions = scriptedQuestions(...script);
  const answers = await runSteps('Set Up', setUpSteps(flowOf(memory, more)), initial, questions);
  questions.done();
  return { answers, asked: questions.asked };
}

describe('the questions of Set Up Client Certificate', () => {
  it('are four at most on the usual way', async () => {
    const { answers, asked } = await answer({}, ['b/authConfig.js', 'Create Self-Signed', 'Key File', 'Generate']);
    assert.deepEqual(answers, {
      config: two,
      certificate: { kind: 'selfSigned', subject: 'CN=web-app', validityDays: 365 },
      keyFrom: 'file',
      passphrase: 'generate',
    });
    assert.deepEqual(
      asked.map(({ position }) => position),
      ['1/4', '2/4', '3/4', '4/4'],
    );
  });

  it('end with the reason for an app that cannot be rewritten, before a certificate is asked for', async () => {
    const declined = new ExpectedError('config-is-json', 'It is JSON.');
    const checkApp: SetUpFlow['checkApp'] = (config) => (config === two ? Promise.reject(declined) : Promise.resolve());
    await assert.rejects(answer({}, ['b/authConfig.js'], {}, { checkApp }), declined);
  });

  it('are skipped when they are answered beforehand', async () => {
    const certificate = { kind: 'selfSigned', subject: 'CN=x' } as const;
    const { asked } = await answer({ config: one, certificate, keyFrom: 'file', passphrase: 'none' }, []);
    assert.equal(asked.length, 0);
  });

  it('leave out the pass phrase where the key is in the environment', async () => {
    const { answers, asked } = await answer({ config: one }, ['Create Self-Signed', 'Environment Variable']);
    assert.equal(answers.passphrase, undefined);
    assert.deepEqual(
      asked.map(({ position }) => position),
      ['1/3', '2/3'],
    );
  });

  it('offer the certificate files of the workspace directly', async () => {
    const { answers } = await answer({ config: one }, ['a/mine.pfx', 'Key File', 'No Pass Phrase']);
    assert.deepEqual(answers.certificate, { kind: 'file', file: '/work/a/mine.pfx' });
  });

  it('ask for other values within the same step, validated, with Back among them', async () => {
    const script: ScriptedAnswer[] = ['Other Values', 'CN=typed', back, 'CN=other', '90', 'Key File', 'No Pass Phrase'];
    const { answers, asked } = await answer({ config: one }, script);
    assert.deepEqual(answers.certificate, { kind: 'selfSigned', subject: 'CN=other', validityDays: 90 });
    assert.deepEqual(
      asked.slice(0, 5).map(({ position, value }) => [position, value]),
      [
        ['1/3', 'Create Self-Signed Certificate'],
        ['1/3', 'CN=web-app'],
        ['1/3', '365'],
        ['1/3', 'CN=typed'],
        ['1/3', '365'],
      ],
    );
  });

  it('let the user run OpenSSL or have it run', async () => {
    const start = ['Create with OpenSSL', 'CN=x', '90'];
    const rest = ['Key File', 'No Pass Phrase'];
    const run = await answer({ config: one }, [...start, 'Run It Now', ...rest]);
    assert.deepEqual(run.answers.certificate, { kind: 'openssl', subject: 'CN=x', validityDays: 90 });
    const shown = await answer({ config: one }, [...start, 'Show Me the Command', ...rest]);
    assert.deepEqual(shown.answers.certificate, { kind: 'file', file: '/tmp/CN=x.crt' });
  });

  it('refuse a subject and a validity that cannot be', async () => {
    for (const script of [
      ['Other Values', 'O='],
      ['Other Values', 'CN=x', '0'],
      ['Other Values', 'CN=x', '1e3'],
    ]) {
      await assert.rejects(answer({ config: one }, script), /is refused/);
    }
  });

  it('take a typed pass phrase twice, hidden, and refuse one that differs', async () => {
    const start = ['Create Self-Signed', 'Key File', 'Type a Pass Phrase'];
    const { answers, asked } = await answer({ config: one }, [...start, 'long enough', 'long enough']);
    assert.equal(answers.passphrase, 'long enough');
    assert.ok(asked.slice(3).every(({ password }) => password === true));
    await assert.rejects(answer({ config: one }, [...start, 'long enough', 'long enouhg']), /is refused/);
    for (const bad of ['abc', 'generate', 'none']) {
      await assert.rejects(answer({ config: one }, [...start, bad]), /is refused/);
    }
  });

  it('start from what was answered the last time', async () => {
    const memory = { keyFrom: 'file', passphrase: 'none' } as const;
    const { asked } = await answer({ config: one }, ['Create Self-Signed', 'Key File', 'Generate'], memory);
    assert.equal(asked.at(-1)?.value, 'No Pass Phrase');
  });

  it('recommend no pass phrase for an app that loads no .env, and do not ask where all it has is in its code', async () => {
    const { envFile, ...plain } = one;
    assert.ok(envFile);
    const fromOutside: AppConfig = { ...plain, secret: { kind: 'environment', variable: 'S', hasFallback: false } };
    const script = ['Create Self-Signed', 'Key File', 'No Pass Phrase'];
    const { asked } = await answer({ config: fromOutside }, script, { passphrase: 'generate' });
    assert.equal(asked.at(-1)?.value, 'No Pass Phrase');
    const literal: AppConfig = { ...plain, secret: { kind: 'literal' } };
    assert.equal((await answer({ config: literal }, script.slice(0, 2))).answers.passphrase, undefined);
    assert.equal(defaultPassphrase(literal), 'none');
    assert.equal(defaultPassphrase(one), 'generate');
  });

  it('for a certificate of a vault ask no pass phrase where the app fetches the key itself', async () => {
    const script = ['From Key Vault…', 'From Key Vault, When the App Starts'];
    const { answers, asked } = await answer({ config: one }, script);
    assert.deepEqual(answers, {
      config: one,
      certificate: { kind: 'vault', vault: 'https://v.vault.azure.net', name: 'app' },
      keyFrom: 'keyVault',
    });
    assert.equal(asked.length, 2);
    const files = await answer({}, ['a/authConfig.js', 'New in Key Vault…', 'Key File', 'No Pass Phrase']);
    assert.deepEqual(files.answers.certificate, {
      kind: 'vaultNew',
      vault: 'https://v.vault.azure.net',
      name: 'new-app',
      subject: 'CN=web-app',
    });
    assert.deepEqual(
      files.asked.map(({ position }) => position),
      ['1/4', '2/4', '3/4', '4/4'],
    );
  });

  it('go back to the ways to a certificate when nobody can be signed in, and say why', async () => {
    const chooseInVault = () => Promise.reject(new ExpectedError('sign-in-failed', 'Run az login.'));
    const script = ['From Key Vault…', 'Create Self-Signed Certificate', 'Environment Variable'];
    const { answers, asked } = await answer({ config: one }, script, {}, { chooseInVault });
    assert.equal(answers.certificate?.kind, 'selfSigned');
    assert.deepEqual(
      asked.map(({ prompt }) => prompt),
      [undefined, 'Run az login.', undefined],
    );
    const bug = () => Promise.reject(new Error('a bug'));
    await assert.rejects(answer({ config: one }, ['From Key Vault…'], {}, { chooseInVault: bug }), /a bug/);
  });

  it('offer the other kinds when the key may not leave the vault, and say why', async () => {
    const checkInVault: SetUpFlow['checkInVault'] = (_certificate, keyFrom) =>
      keyFrom === 'keyVault' ? Promise.resolve() : Promise.reject(new ExpectedError('key-not-exportable', 'It stays.'));
    const script = ['From Key Vault…', 'Key File', 'Environment Variable', 'When the App Starts'];
    const { answers, asked } = await answer({ config: one }, script, {}, { checkInVault });
    assert.equal(answers.keyFrom, 'keyVault');
    assert.deepEqual(
      asked.map(({ prompt }) => prompt),
      [undefined, undefined, 'It stays.', 'It stays.'],
    );
    assert.match(asked[2]?.value ?? '', /Key File/);
  });

  it('remember the kind for certificates of a vault apart', async () => {
    const memory = { keyFrom: 'environment', vaultKeyFrom: 'file' } as const;
    const { asked } = await answer({ config: one }, ['From Key Vault…', 'Key File', 'Generate'], memory);
    assert.match(asked[1]?.value ?? '', /Key File/);
    const local = await answer({ config: one }, ['Create Self-Signed', 'Key File', 'Generate'], memory);
    assert.match(local.asked[1]?.value ?? '', /Environment/);
  });

  it('end in a cancellation wherever the user leaves', async () => {
    const usual = ['b/authConfig.js', 'Create Self-Signed', 'Key File', 'Generate'];
    for (let count = 0; count < usual.length; count++) {
      await assert.rejects(answer({}, [...usual.slice(0, count), { cancel: true }]), isCancelled);
    }
  });
});
