import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { azureOf } from '../../azure/testing/azure.ts';
import type { TestAzure } from '../../azure/testing/azure.ts';
import type { VaultCertificate } from '../../azure/types.ts';
import { back } from '../questions.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import { askVault, askVaultCertificate } from './vaultCertificate.ts';

const frame = { title: 'Test' };

describe('the questions for a vault and its certificates', () => {
  let sandbox: Sandbox;
  let azure: TestAzure;
  const kept = new Map<string, unknown>();
  const memory = {
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  };
  const tools = { azure: () => azure, memory };
  before(async () => {
    sandbox = await startSandbox();
    azure = azureOf(sandbox);
  });
  after(() => sandbox.close());
  beforeEach(() => kept.clear());

  it('offers every vault that the account sees, and the last one first', async () => {
    const first = scriptedQuestions('contoso-dev');
    const vault = await askVault(tools, first, frame);
    assert.ok(vault !== back);
    assert.equal(vault.origin, sandbox.vaultOrigin('contoso-dev'));
    assert.deepEqual([...(first.asked[0]?.offered ?? [])].sort(), sandbox.state.vaults.map(({ name }) => name).sort());
    const second = scriptedQuestions('contoso-web');
    await askVault(tools, second, frame);
    assert.equal(second.asked[0]?.offered?.[0], 'contoso-dev');
    assert.equal(second.asked[0].offered.length, sandbox.state.vaults.length, 'the last one is not offered twice');
  });

  it('takes the address of a vault that is not listed, and of no other server', async () => {
    const address = sandbox.vaultOrigin('contoso-dev');
    const vault = await askVault(tools, scriptedQuestions(`${address}/certificates/local-app`), frame);
    assert.ok(vault !== back);
    assert.equal(vault.origin, address);
    await assert.rejects(askVault(tools, scriptedQuestions('https://evil.example'), frame), /is not offered/);
  });

  it('forgets a last vault that is not of this cloud', async () => {
    kept.set('vault', { name: 'evil', origin: 'https://evil.vault.azure.net' });
    const questions = scriptedQuestions('contoso-dev');
    await askVault(tools, questions, frame);
    assert.ok(!questions.asked[0]?.offered?.includes('evil'));
  });

  it('offers all certificates page by page, the pending ones too', async () => {
    const questions = scriptedQuestions('pending-order');
    const chosen = await askVaultCertificate(azure.vault('contoso-web'), questions, frame, { now: Date.now() });
    assert.equal((chosen as VaultCertificate).pending, true);
    assert.equal(questions.asked[0]?.offered?.length, 10);
  });

  it('offers only what fits, below the choices of the caller', async () => {
    const questions = scriptedQuestions('New…');
    const chosen = await askVaultCertificate(azure.vault('contoso-web'), questions, frame, {
      now: Date.now(),
      filter: ({ enabled }) => !enabled,
      first: [{ label: 'New…', value: 'new' as const }],
    });
    assert.equal(chosen, 'new');
    assert.deepEqual(questions.asked[0]?.offered, ['New…', 'disabled-app', 'pending-order']);
  });

  it('offers deleted certificates', async () => {
    const questions = scriptedQuestions('deleted-app');
    const wish = { now: Date.now(), from: 'deleted' } as const;
    const chosen = await askVaultCertificate(azure.vault('contoso-web'), questions, frame, wish);
    assert.equal((chosen as VaultCertificate).name, 'deleted-app');
  });

  it('says why a vault cannot be listed', async () => {
    const asking = askVaultCertificate(azure.vault('contoso-no-access'), scriptedQuestions('x'), frame, { now: 0 });
    await assert.rejects(asking, { code: 'vault-forbidden' });
  });
});
