import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { CancelledError } from '../../base/errors.ts';
import { azureOf } from '../../azure/testing/azure.ts';
import type { TestAzure } from '../../azure/testing/azure.ts';
import { back } from '../questions.ts';
import type { Questions, TextProblem, TextQuestion } from '../questions.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import { askVaultName, nameState } from './vaultName.ts';
import type { NameConflict } from './vaultName.ts';

const frame = { title: 'Create', step: 2, totalSteps: 3, canGoBack: true };
const all: readonly NameConflict[] = ['newVersion', 'renew', 'recover', 'purge', 'wait', 'cancelPending'];

describe('the name of a new vault certificate', () => {
  let sandbox: Sandbox;
  let azure: TestAzure;
  before(async () => {
    sandbox = await startSandbox();
    azure = azureOf(sandbox);
  });
  after(() => sandbox.close());
  const web = () => azure.vault('contoso-web');

  async function answer(script: readonly ScriptedAnswer[], offers = all) {
    const questions = scriptedQuestions(...script);
    const result = await askVaultName(web(), questions, frame, '', azure.clock, offers);
    questions.done();
    return { result, asked: questions.asked };
  }

  it('is looked up in the vault', async () => {
    assert.equal(await nameState(web(), 'new-app'), 'free');
    assert.equal(await nameState(web(), 'CIAM-client-app'), 'taken');
    assert.equal(await nameState(web(), 'pending-order'), 'pending');
    assert.equal(await nameState(web(), 'deleted-app'), 'deleted');
    assert.equal(await nameState(azure.vault('contoso-no-access'), 'x'), 'unknown');
    assert.equal(await nameState(azure.vault('contoso-firewall'), 'x'), 'unknown');
  });

  it('is free again when the first creation was cancelled', async () => {
    const dev = azure.vault('contoso-dev');
    await dev.create({ name: 'half-app', policy: { subject: 'CN=half', issuer: 'Unknown' } });
    assert.equal(await nameState(dev, 'half-app'), 'pending');
    await dev.cancelCreation('half-app');
    assert.equal(await nameState(dev, 'half-app'), 'free');
  });

  it('is one question where it is free', async () => {
    assert.deepEqual((await answer(['new-app'])).result, { name: 'new-app' });
    assert.equal((await answer([back])).result, back);
  });

  it('offers what can be done where it is taken', async () => {
    assert.deepEqual((await answer(['ec-app', 'Renew It'])).result, { name: 'ec-app', conflict: 'renew' });
    assert.deepEqual((await answer(['deleted-app', 'Purge It'])).result, { name: 'deleted-app', conflict: 'purge' });
    const { result, asked } = await answer(['pending-order', 'Wait for It']);
    assert.deepEqual(result, { name: 'pending-order', conflict: 'wait' });
    assert.deepEqual(asked[1]?.offered, ['Wait for It', 'Cancel It and Create Anew', 'Choose Another Name']);
  });

  it('goes back to what was typed for another name', async () => {
    const { result, asked } = await answer(['ec-app', 'Another Name', 'deleted-app', back, 'new-app']);
    assert.deepEqual(result, { name: 'new-app' });
    assert.deepEqual([asked[2]?.value, asked[4]?.value], ['ec-app', 'deleted-app']);
  });

  it('offers only what the caller can do', async () => {
    const { asked } = await answer(['deleted-app', 'Purge It'], ['newVersion', 'purge']);
    assert.deepEqual(asked[1]?.offered, ['Purge It and Take the Name', 'Choose Another Name']);
  });

  it('is checked while it is typed: the form at once, the vault after a pause', async () => {
    const question = await firstQuestion();
    const problem = (value: string) => question.validate?.(value, new AbortController().signal);
    for (const bad of ['', 'a b', 'a_b', 'ü', 'x'.repeat(128), '../x']) {
      assert.equal((problem(bad) as TextProblem).severity, 'error', bad);
    }
    assert.match((await problem('deleted-app'))?.message ?? '', /recover or to purge/);
    assert.equal((await problem('ec-app'))?.severity, 'warning');
    assert.equal(await problem('another-new-app'), undefined);
    const requests = sandbox.log.length;
    const outdated = new AbortController();
    outdated.abort();
    await assert.rejects(Promise.resolve(question.validate?.('never-asked', outdated.signal)), CancelledError);
    assert.equal(sandbox.log.length, requests, 'an outdated name is not asked for');
  });

  async function firstQuestion(): Promise<TextQuestion> {
    const seen: TextQuestion[] = [];
    const questions: Questions = {
      ...scriptedQuestions(),
      text: (question) => {
        seen.push(question);
        return Promise.resolve(back);
      },
    };
    await askVaultName(web(), questions, frame, '', azure.clock, all);
    assert.ok(seen[0]);
    return seen[0];
  }
});
