import assert from 'node:assert/strict';
import { completePolicy } from '../../azure/vaults/policy.ts';
import * as certificates from '../../certificates/index.ts';
import type { VaultPolicy } from '../../azure/types.ts';
import { back } from '../questions.ts';
import type { Back } from '../questions.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import type { Asked, ScriptedAnswer } from '../testing/scriptedQuestions.ts';
import { altNamesText, parseAltNames } from './altNames.ts';
import { askPolicy } from './vaultPolicy.ts';
import { triggerOf } from './vaultPolicyParts.ts';

const frame = { title: 'Create', step: 3, totalSteps: 3, canGoBack: true };
const wish = { placeholder: 'Create?', done: 'Create Certificate' };
const tools = {
  validateSubject: certificates.validateSubject,
  validityWarning: certificates.validityWarning,
  issuers: (add: (choices: { label: string; value: string }[]) => void) => {
    add([{ label: 'ContosoCA', value: 'ContosoCA' }]);
    return Promise.resolve(undefined);
  },
};
const usual = completePolicy({ subject: 'CN=app' });

async function answer(
  script: readonly ScriptedAnswer[],
  policy: VaultPolicy = usual,
): Promise<{ result: VaultPolicy | Back; asked: readonly Asked[] }> {
  const questions = scriptedQuestions(...script);
  const result = await askPolicy(questions, frame, policy, wish, tools);
  questions.done();
  return { result, asked: questions.asked };
}

async function changed(...script: ScriptedAnswer[]): Promise<Partial<VaultPolicy>> {
  const { result } = await answer([...script, 'Create Certificate']);
  assert.ok(result !== back);
  const parts = Object.entries(result).filter(
    ([part, value]) => JSON.stringify(value) !== JSON.stringify(usual[part as keyof VaultPolicy]),
  );
  return Object.fromEntries(parts);
}

describe('the options of a vault certificate', () => {
  it('take one answer on the usual way, and Back leaves', async () => {
    assert.deepEqual((await answer(['Create Certificate'])).result, usual);
    assert.equal((await answer([back])).result, back);
  });

  it('come back to the list after each change, on the row that was changed', async () => {
    const { asked } = await answer(['Validity', '24', 'Create Certificate']);
    assert.equal(asked[0]?.value, 'Create Certificate');
    assert.equal(asked[2]?.value, 'Validity');
    assert.deepEqual(asked[0].offered, asked[2].offered);
  });

  it('change the subject, also to a bare name, and the alternative names', async () => {
    assert.deepEqual(await changed('Subject', 'CN=new, O=Contoso'), { subject: 'CN=new, O=Contoso' });
    assert.deepEqual(await changed('Subject', 'new'), { subject: 'CN=new' });
    assert.deepEqual(await changed('Alternative Names', 'a.contoso.com, ops@contoso.com'), {
      subjectAltNames: { dnsNames: ['a.contoso.com'], emails: ['ops@contoso.com'] },
    });
    await assert.rejects(answer(['Subject', `CN=${'x'.repeat(200)}`]), /at most 200/);
    await assert.rejects(answer(['Alternative Names', 'not a name!']), /is no DNS name/);
  });

  it('keep HSM keys in the vault', async () => {
    assert.deepEqual(await changed('Key', 'RSA-HSM 3072'), { keyType: 'RSA-HSM', keySize: 3072, exportable: false });
    const { asked } = await answer(['Key', 'RSA-HSM 2048', 'Private Key', 'never leaves', 'Create Certificate']);
    assert.deepEqual(asked[3]?.offered, ['never leaves the vault']);
  });

  it('offer no EC key and no short one', async () => {
    const { asked } = await answer(['Key', back, 'Create Certificate']);
    for (const offered of asked[1]?.offered ?? ['']) assert.match(offered, /^RSA(-HSM)? (2048|3072|4096)$/);
  });

  it('change the rest of the key and its form', async () => {
    assert.deepEqual(await changed('Private Key', 'never leaves'), { exportable: false });
    assert.deepEqual(await changed('Renewal', 'The Same Key'), { reuseKey: true });
    assert.deepEqual(await changed('Form of the Secret', 'PEM'), { contentType: 'application/x-pem-file' });
  });

  it('let the reminder follow a shorter validity, as the service would refuse it', async () => {
    assert.deepEqual(await changed('Validity', '1'), {
      validityMonths: 1,
      lifetimeActions: [{ action: 'EmailContacts', atPercent: 80 }],
    });
    await assert.rejects(answer(['Validity', '0']), /whole number of months/);
  });

  it('change what happens before the end, by days or by share', async () => {
    assert.deepEqual(await changed('Before It Expires', 'Renews', '80%'), {
      lifetimeActions: [{ action: 'AutoRenew', atPercent: 80 }],
    });
    assert.deepEqual(await changed('Before It Expires', 'E-Mail', '60'), {
      lifetimeActions: [{ action: 'EmailContacts', daysBeforeExpiry: 60 }],
    });
    await assert.rejects(answer(['Before It Expires', 'E-Mail', '400']), /from 1 to 324/);
  });

  it('have no renewal by the vault where the issuer is outside', async () => {
    const renewed = ['Before It Expires', 'Renews', '80%', 'Issuer', 'Signing Request'];
    const { result, asked } = await answer([...renewed, 'Before It Expires', back, 'Create Certificate']);
    assert.ok(result !== back);
    assert.deepEqual([result.issuer, result.lifetimeActions[0]?.action], ['Unknown', 'EmailContacts']);
    assert.equal(asked.at(-2)?.offered?.length, 1);
    assert.deepEqual(await changed('Issuer', 'ContosoCA'), { issuer: 'ContosoCA' });
  });
});

describe('alternative names', () => {
  it('are told apart by their look, and written back the same', () => {
    const text =
      'app.contoso.com, *.contoso.com, ops@contoso.com, upn:dev@contoso.com, https://app.contoso.com/x, 10.0.0.1, ::1';
    const names = parseAltNames(text);
    assert.deepEqual(names, {
      dnsNames: ['app.contoso.com', '*.contoso.com'],
      emails: ['ops@contoso.com'],
      userPrincipalNames: ['dev@contoso.com'],
      uris: ['https://app.contoso.com/x'],
      ipAddresses: ['10.0.0.1', '::1'],
    });
    assert.equal(altNamesText(names), text);
    assert.deepEqual(parseAltNames(' , '), {});
  });

  for (const bad of ['a..b', '-a.com', 'a_b!.com', 'upn:', '@x', `${'a'.repeat(64)}.com`]) {
    it(`do not include ${bad.slice(0, 12)}`, () => assert.ok('problem' in parseAltNames(bad)));
  }
});

describe('when something happens to a certificate', () => {
  it('is a number of days or a percentage within the limits of the service', () => {
    assert.deepEqual(triggerOf(' 30 ', 12), { daysBeforeExpiry: 30 });
    assert.deepEqual(triggerOf('80 %', 12), { atPercent: 80 });
    for (const bad of ['', '0', '0%', '100%', '325', '1.5', '-1', 'soon'])
      assert.equal(triggerOf(bad, 12), undefined, bad);
  });
});
