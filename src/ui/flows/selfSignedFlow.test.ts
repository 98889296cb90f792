import assert from 'node:assert/strict';
import { isCancelled } from '../../base/errors.ts';
import * as certificates from '../../certificates/index.ts';
import { back } from '../questions.ts';
import { runSteps } from '../steps.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import { selfSignedSteps } from './selfSignedFlow.ts';
import type { SelfSignedAnswers, SelfSignedFlow, SelfSignedWish } from './selfSignedFlow.ts';

const withoutFolder: SelfSignedWish = {
  kind: 'selfSigned',
  isShown: false,
  subject: 'CN=web-app',
  validityDays: 365,
  keySize: 2048,
  formats: ['crt'],
  passphrase: 'generate',
};
const usual: SelfSignedWish = { ...withoutFolder, folder: '/work/certs' };

async function answer(script: readonly ScriptedAnswer[], more: Partial<SelfSignedFlow> = {}) {
  const questions = scriptedQuestions(...script);
  const flow: SelfSignedFlow = {
    usual,
    programs: ['openssl', 'powershell'],
    folders: ['/work/certs', '/work'],
    certificates: () => certificates,
    relative: (file) => file.slice('/work/'.length),
    showCommands: ({ keySize = 0 }) => Promise.resolve({ kind: 'file', file: `/tmp/${keySize}.crt` }),
    ...more,
  };
  const initial: SelfSignedAnswers = {};
  const answers = await runSteps('Create', selfSignedSteps(flow), initial, questions);
  questions.done();
  return { answers, asked: questions.asked };
}

describe('the questions of Create Self-Signed Certificate', () => {
  it('are one, whose first row creates with what stands there', async () => {
    const { answers, asked } = await answer(['Create Certificate']);
    assert.deepEqual(answers, { wish: usual, folder: '/work/certs' });
    assert.equal(asked[0]?.position, '1/1');
    assert.equal(asked[0].value, 'Create Certificate');
    assert.equal(asked[0].said?.[0], ' | CN=web-app, valid for 365 days, RSA 2048');
    assert.deepEqual(asked[0].said.slice(1), [
      'this extension | ',
      'CN=web-app | ',
      '365 days | ',
      'RSA 2048 | ',
      '.crt, .key | ',
      'certs | ',
      'generated, in a file of its own | ',
    ]);
  });

  it('change one part each and come back to its row, with Back leaving it as it was', async () => {
    const { answers, asked } = await answer([
      'Subject',
      'CN=other',
      'Validity',
      '90',
      'Key',
      'RSA 4096',
      'Files',
      '.crt, .key, .cer, .pfx',
      'Folder',
      '/tmp',
      'Pass Phrase',
      'Type a Pass Phrase',
      'long enough',
      'long enough',
      'Made With',
      'OpenSSL',
      back,
      back,
      'Validity',
      back,
      'Create Certificate',
    ]);
    assert.deepEqual(answers.wish, {
      ...usual,
      subject: 'CN=other',
      validityDays: 90,
      keySize: 4096,
      formats: ['crt', 'cer', 'pfx'],
      folder: '/tmp',
      passphrase: 'long enough',
    });
    assert.equal(answers.folder, '/tmp');
    const rows = asked.filter(({ offered }) => offered?.[0] === 'Create Certificate').map(({ value }) => value);
    assert.deepEqual(rows.slice(0, 3), ['Create Certificate', 'Subject', 'Validity']);
    assert.ok(asked.every(({ said = [] }) => !said.join().includes('long enough')));
  });

  it('refuse a subject and a validity that cannot be', async () => {
    for (const script of [
      ['Subject', 'O='],
      ['Validity', '0'],
    ])
      await assert.rejects(answer(script), /is refused/);
  });

  it('ask for a folder where there is none to begin with, and for a password where a PFX would have none', async () => {
    const none = { usual: { ...withoutFolder, passphrase: 'none', formats: ['pfx'] } } as const;
    const script = ['Create Certificate', '/tmp', 'long enough', 'long enough'];
    const { answers, asked } = await answer(script, none);
    assert.deepEqual([answers.folder, answers.pfxPassword], ['/tmp', 'long enough']);
    assert.deepEqual(
      asked.map(({ position, password }) => [position, password ?? false]),
      [
        ['1/1', false],
        ['2/3', false],
        ['3/3', true],
        ['3/3', true],
      ],
    );
  });

  it('let the user run the program with the chosen key, and go back from its command', async () => {
    const script: ScriptedAnswer[] = ['Key', 'RSA 3072', 'Made With', 'OpenSSL', 'Show Me', 'Create Certificate'];
    const { answers } = await answer(script);
    assert.deepEqual(answers.made, { kind: 'file', file: '/tmp/3072.crt' });
    assert.equal(answers.wish?.isShown, true);
    let shown = 0;
    const showCommands = () => Promise.resolve(shown++ === 0 ? back : ({ kind: 'file', file: '/tmp/x' } as const));
    const again = await answer([...script, 'Made With', 'This Extension', 'Create Certificate'], { showCommands });
    assert.deepEqual([again.answers.made, again.answers.wish?.kind], [undefined, 'selfSigned']);
  });

  it('offer only programs that this machine may have', async () => {
    const { asked } = await answer(['Made With', 'This Extension', 'Create Certificate'], { programs: ['openssl'] });
    assert.deepEqual(asked[1]?.offered, ['This Extension', 'OpenSSL…']);
  });

  it('end in a cancellation wherever the user leaves', async () => {
    for (const script of [[], ['Subject'], ['Made With', 'OpenSSL']])
      await assert.rejects(answer([...script, { cancel: true }]), isCancelled);
  });
});
