import assert from 'node:assert/strict';
import type { AppConfig } from '../../appConfig/types.ts';
import { isCancelled } from '../../base/errors.ts';
import * as certificates from '../../certificates/index.ts';
import type { CertificateDescription } from '../../certificates/types.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import { certificateStep } from './certificateStep.ts';
import type { CertificateFlow } from './certificateStep.ts';
import { chooseReplacement, offerRotation } from './replacement.ts';
import type { ReplacementWish } from './replacement.ts';
import type { ChosenCertificate } from './setUpFlow.ts';

const config = { file: '/app/auth.js', line: 3 } as AppConfig;
const chosen: ChosenCertificate = { kind: 'file', file: '/app/new.pfx' };
const described = (more: Partial<CertificateDescription>) =>
  ({ subject: 'CN=old', problems: [], ...more }) as unknown as CertificateDescription;

/** With the real step of the wizard. */
async function choose(more: Partial<ReplacementWish>, ...script: ScriptedAnswer[]) {
  const questions = scriptedQuestions(...script);
  const unused = () => Promise.reject(new Error('not used here'));
  const flow: CertificateFlow = {
    memory: {},
    ways: ['selfSigned', 'file', 'vault', 'vaultNew'],
    certificates: () => certificates,
    defaults: () => ({ subject: 'CN=old', validityDays: 365 }),
    relative: (file) => file,
    certificateFiles: ['/app/new.pfx'],
    openFile: () => Promise.resolve(chosen),
    showCommands: unused,
    chooseInVault: unused,
    nameInVault: unused,
  };
  const certificate = await chooseReplacement({
    title: 'Rotate Certificate',
    config,
    old: undefined,
    given: undefined,
    chooses: false,
    questions,
    defaultDays: 180,
    step: () => Promise.resolve(certificateStep(flow)),
    ...more,
  });
  questions.done();
  return { certificate, asked: questions.asked };
}

describe('the certificate that takes the old one’s place', () => {
  const issued = described({ selfSigned: false });
  const dates = { notBefore: '2024-01-01T00:00:00Z', notAfter: '2024-03-31T00:00:00Z' };

  it('is asked for where the old one cannot be made anew here', async () => {
    for (const old of [issued, undefined]) {
      const { certificate, asked } = await choose({ old }, '/app/new.pfx');
      assert.deepEqual(certificate, chosen);
      assert.deepEqual([asked[0]?.title, asked.length], ['Rotate Certificate', 1]);
    }
  });

  it('has to be given where nobody is there to be asked', async () => {
    await assert.rejects(choose({ old: issued, questions: undefined }), { code: 'certificate-needed' });
  });

  it('is like a self-signed old one, also when that is over or has a key of another kind', async () => {
    const old = described({ selfSigned: true, ...dates, keySize: 256 });
    const expected = { kind: 'selfSigned', subject: 'CN=old', validityDays: 90, keySize: 2048 };
    assert.deepEqual((await choose({ old })).certificate, expected);
    const large = described({ selfSigned: true, ...dates, notAfter: 'never', keySize: 4096 });
    assert.deepEqual((await choose({ old: large })).certificate, { ...expected, validityDays: 180, keySize: 4096 });
  });

  it('is the one that was given, and asked for where its user wants to choose', async () => {
    const old = described({ selfSigned: true, ...dates });
    assert.deepEqual((await choose({ old, given: chosen })).certificate, chosen);
    assert.deepEqual((await choose({ old, chooses: true }, '/app/new.pfx')).certificate, chosen);
  });
});

describe('the offer to replace the certificate of an app that has one', () => {
  const offer = (answer: ScriptedAnswer) =>
    offerRotation('Use Certificate in App', 'It has one.', 'auth.js', scriptedQuestions(answer));

  it('goes on when it is taken, and leaves everything as it is when not', async () => {
    await offer('Replace Its Certificate');
    await assert.rejects(offer('Leave It'), isCancelled);
  });
});
