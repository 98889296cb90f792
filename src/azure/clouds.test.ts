import assert from 'node:assert/strict';
import { isVaultOrigin, resolveCloud, scopeOf, vaultFromInput } from './clouds.ts';

const custom = {
  login: 'https://localhost:4001',
  graph: 'https://localhost:4002/v1.0',
  resourceManager: 'https://localhost:4003/',
  keyVaultResource: 'https://vault.azure.net',
  vaults: ['https://localhost:4010', 'https://localhost:4011/'],
};

describe('clouds', () => {
  it('give each audience the scope of its own cloud', () => {
    assert.equal(scopeOf(resolveCloud('public'), 'keyVault'), 'https://vault.azure.net/.default');
    assert.equal(scopeOf(resolveCloud('usGovernment'), 'graph'), 'https://graph.microsoft.us/.default');
    assert.equal(scopeOf(resolveCloud('china'), 'resourceManager'), 'https://management.chinacloudapi.cn/.default');
  });

  it('take a vault by name, host or address of one of its certificates', () => {
    const cloud = resolveCloud('public');
    for (const input of [
      'My-Vault',
      'my-vault.vault.azure.net',
      'https://my-vault.vault.azure.net/',
      'https://my-vault.vault.azure.net/certificates/app/0',
    ]) {
      assert.deepEqual(vaultFromInput(cloud, input), { name: 'my-vault', origin: 'https://my-vault.vault.azure.net' });
    }
  });

  it('refuse names and hosts that must not get a token', () => {
    const cloud = resolveCloud('public');
    for (const input of ['', 'a', '1vault', 'a--b', 'x'.repeat(25), 'vault name']) {
      assert.throws(() => vaultFromInput(cloud, input), { code: 'vault-name-invalid' });
    }
    for (const input of [
      'http://my-vault.vault.azure.net',
      'https://my-vault.vault.azure.net.evil.example',
      'https://evil.example/my-vault.vault.azure.net',
      'https://my-vault.vault.azure.net:8443',
      'https://vault.azure.net',
      'https://my-vault.vault.azure.cn',
    ]) {
      assert.throws(() => vaultFromInput(cloud, input), { code: 'vault-not-in-cloud' });
      assert.equal(isVaultOrigin(cloud, input), false);
    }
  });

  it('a custom cloud trusts exactly the vaults it lists', () => {
    const cloud = resolveCloud('custom', custom);
    assert.equal(cloud.graph, 'https://localhost:4002');
    assert.equal(vaultFromInput(cloud, 'https://localhost:4011').origin, 'https://localhost:4011');
    assert.equal(vaultFromInput(cloud, 'localhost:4010').name, 'localhost:4010');
    assert.throws(() => vaultFromInput(cloud, 'https://localhost:4012'), { code: 'vault-not-in-cloud' });
    assert.throws(() => vaultFromInput(cloud, 'https://kv.vault.azure.net'), { code: 'vault-not-in-cloud' });
  });

  it('a custom cloud names the field that is missing or unsafe', () => {
    assert.throws(() => resolveCloud('custom', undefined), { code: 'custom-cloud-invalid' });
    assert.throws(() => resolveCloud('custom', { ...custom, login: 'http://localhost' }), /"login"/);
    assert.throws(() => resolveCloud('custom', { ...custom, vaults: ['https://user:pw@localhost'] }), /"vaults"/);
  });
});
