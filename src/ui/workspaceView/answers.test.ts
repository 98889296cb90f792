import assert from 'node:assert/strict';
import { createAnswers } from './answers.ts';
import type { LocalFacts, RegistrationFact } from './facts.ts';

const app: LocalFacts = {
  file: '/work/a.js',
  path: 'a.js',
  line: 1,
  credential: 'secret',
  clientId: 'c',
  tenant: 't',
  held: [],
  findings: [],
  setup: { certificates: [] },
  proofs: [],
};
const value: RegistrationFact = { name: 'Portal', certificates: [{ thumbprintSha1: 'A' }], secrets: [{}] };
const asked = { status: 'asked', at: 5, value } as const;
const failed = { status: 'failed', at: 6, code: 'not-signed-in', message: 'm' } as const;
const notAsked = { status: 'notAsked' } as const;

function memory(kept: Record<string, unknown> = {}) {
  return {
    kept,
    get: (key: string) => kept[key],
    update: (key: string, value: unknown) => {
      kept[key] = JSON.parse(JSON.stringify(value));
      return Promise.resolve();
    },
  };
}

describe('answers', () => {
  it('are kept for the next window', async () => {
    const store = memory();
    const answers = createAnswers(store);
    answers.keep(app, asked, notAsked);
    await answers.save();
    assert.deepEqual(createAnswers(store).of(app), { registration: asked, inVault: notAsked, failures: {} });
  });

  it('stay when asking fails, and the failure is told and not kept', async () => {
    const store = memory();
    const answers = createAnswers(store);
    answers.keep(app, asked, notAsked);
    answers.keep(app, failed, notAsked);
    assert.deepEqual(answers.of(app), { registration: asked, inVault: notAsked, failures: { registration: failed } });
    await answers.save();
    assert.deepEqual(createAnswers(store).of(app).failures, {});
    answers.keep(app, asked, notAsked);
    assert.deepEqual(answers.of(app).failures, {});
  });

  it('are of one app registration', () => {
    const answers = createAnswers(memory());
    answers.keep(app, asked, notAsked);
    assert.equal(answers.of({ ...app, tenant: 'other' }).registration.status, 'notAsked');
  });

  const broken: readonly unknown[] = [
    'text',
    [],
    { registrations: [] },
    { registrations: { 'app c t': { status: 'asked', at: 'x', value } } },
    { registrations: { 'app c t': { status: 'asked', at: 5, value: { ...value, secrets: undefined } } } },
    { registrations: { 'app c t': { status: 'asked', at: 5, value: { ...value, certificates: [{ expires: 'x' }] } } } },
    { vaults: { '': null } },
  ];
  for (const each of broken) {
    it(`of another shape are none: ${JSON.stringify(each)}`, () => {
      assert.equal(createAnswers(memory({ workspaceAnswers: each })).of(app).registration.status, 'notAsked');
    });
  }
});
