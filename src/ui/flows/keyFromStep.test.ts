import assert from 'node:assert/strict';
import type { AppConfig } from '../../appConfig/types.ts';
import { ExpectedError } from '../../base/errors.ts';
import * as certificates from '../../certificates/index.ts';
import { runSteps } from '../steps.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import { keyFromStep } from './keyFromStep.ts';
import type { SetUpAnswers, SetUpFlow, SetUpMemory } from './setUpFlow.ts';

const inVault = { kind: 'vault', vault: 'contoso-web', name: 'app' } as const;
const app = (version: string | undefined): AppConfig => ({
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

async function ask(initial: SetUpAnswers, script: readonly ScriptedAnswer[], more: Partial<SetUpFlow> = {}) {
  const questions = scriptedQuestions(...script);
  const flow: SetUpFlow = {
    configs: [],
    memory: {} satisfies SetUpMemory,
    ways: [],
    certificates: () => certificates,
    defaults: () => ({ subject: 'CN=app', validityDays: 365 }),
    relative: (file) => file,
    certificateFiles: [],
    openFile: () => Promise.reject(new Error('not used here')),
    showCommands: () => Promise.reject(new Error('not used here')),
    chooseInVault: () => Promise.reject(new Error('not used here')),
    nameInVault: () => Promise.reject(new Error('not used here')),
    checkInVault: () => Promise.resolve(),
    ...more,
  };
  const answers = await runSteps('Set Up', [keyFromStep(flow)], initial, questions);
  questions.done();
  return { keyFrom: answers.keyFrom, asked: questions.asked };
}

describe('the question how the app gets its key', () => {
  for (const [version, first] of [
    ['2.8.1', 'Key Vault Signs'],
    ['7.2.3', 'Key Vault Signs'],
    ['10.0.0', 'Key Vault Signs'],
    ['2.8.0', 'From Key Vault'],
    ['2.6.6', 'From Key Vault'],
    ['1.18.4', 'From Key Vault'],
    [undefined, 'From Key Vault'],
  ] as const)
    it(`recommends ${first} with msal-node ${version ?? 'of an unknown version'}`, async () => {
      const { asked } = await ask({ certificate: inVault, config: app(version) }, [first]);
      assert.equal(asked[0]?.offered?.length, 4);
      assert.match(asked[0].offered[0] ?? '', new RegExp(first));
      assert.match(asked[0].value ?? '', new RegExp(first));
    });

  it('offers what a vault can do for certificates of a vault only', async () => {
    const { asked } = await ask({ certificate: { kind: 'selfSigned' }, config: app('7.2.3') }, ['Key File']);
    assert.equal(asked[0]?.offered?.length, 2);
  });

  it('starts from what was chosen the last time', async () => {
    const more = { memory: { vaultKeyFrom: 'keyVault' } } as const;
    const { asked } = await ask({ certificate: inVault, config: app('7.2.3') }, ['When the App Starts'], more);
    assert.match(asked[0]?.value ?? '', /When the App Starts/);
  });

  it('says why this account cannot have it signed, and offers the others', async () => {
    const checkInVault: SetUpFlow['checkInVault'] = (_certificate, keyFrom) =>
      keyFrom === 'keyVaultSign'
        ? Promise.reject(new ExpectedError('vault-forbidden', 'Ask for the role "Key Vault Crypto User".'))
        : Promise.resolve();
    const script = ['Key Vault Signs', 'When the App Starts'];
    const answer = await ask({ certificate: inVault, config: app('7.2.3') }, script, { checkInVault });
    assert.equal(answer.keyFrom, 'keyVault');
    assert.equal(answer.asked[1]?.prompt, 'Ask for the role "Key Vault Crypto User".');
  });
});
