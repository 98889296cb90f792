import assert from 'node:assert/strict';
import { commands } from '../../src/contributions.ts';
import { documentedCommands, optionsOfSchemas, typedCommands } from './automation.ts';

/** The contract as it was designed; every command takes and returns at least this. */
const designed: Readonly<Record<string, readonly [options: string, result: string]>> = {
  setUp: [
    'config certificate keyFrom passphrase register prove confirm',
    'config thumbprintSha256 thumbprintSha1 notAfter files changed warnings registered proven',
  ],
  createSelfSigned: ['subject validityDays keySize folder name passphrase', 'thumbprintSha256 notAfter problems files'],
  createCsr: ['subject keySize folder name passphrase', 'files'],
  importSigned: ['file privateKey passphrase', 'thumbprintSha256 notAfter problems files'],
  inspectCertificate: [
    'file password',
    'subject issuer serialNumber notBefore notAfter thumbprintSha256 thumbprintSha1 keyAlgorithm keySize hasPrivateKey keyMatches selfSigned chain',
  ],
  extractPrivateKey: ['file password output passphrase', 'file encrypted files'],
  exportCertificate: ['file password output format newPassword', 'file'],
  useInApp: ['config certificate keyFrom passphrase confirm', 'status changed warnings'],
  findAppConfigs: ['', 'file line credential clientId authority moduleKind msalVersion'],
  upload: ['certificate application displayName', 'application keyId alreadyThere'],
  prove: ['config', 'ok algorithm attempts error'],
  retireSecret: ['config application keyIds confirm', 'removed left'],
  rotate: ['config certificate', 'config thumbprintSha256 files changed warnings registered proven'],
  checkApp: ['config', 'code severity message line'],
  explainError: ['text', 'code title cause remedies'],
  undoSetup: ['config', ''],
};

/** Commands on a certificate of a vault. */
const ofVaults = [
  ...['openVaultCertificate', 'copySha256Thumbprint', 'copySha1Thumbprint', 'copyBase64UrlThumbprint'],
  ...['copyCertificateId', 'showInPortal', 'refreshVaultItem', 'editProperties', 'enableInVault', 'disableInVault'],
  ...['downloadCertificate', 'downloadWithKey', 'renewInVault', 'editPolicy', 'saveSigningRequest', 'mergeSigned'],
  ...['cancelCreation'],
];

const words = (text: string) => text.split(' ').filter((word) => word !== '');
const sorted = (names: Iterable<string>) => [...names].sort();

describe('the contract of the commands', function () {
  this.timeout(120_000);
  const typed = typedCommands();
  const checked = optionsOfSchemas();
  const documented = documentedCommands(typed);

  it('covers every command in types, schemas and README', () => {
    const all = sorted(Object.keys(commands));
    for (const names of [typed, checked, documented]) assert.deepEqual(sorted(names.keys()), all);
  });

  for (const name of Object.keys(commands)) {
    it(`${name} takes what its types and the README say`, () => {
      const options = sorted(checked.get(name) ?? []);
      assert.deepEqual(sorted(typed.get(name)?.options ?? []), options);
      assert.deepEqual(sorted(documented.get(name)?.options ?? []), options);
    });

    it(`${name} answers what the README says`, () => {
      const result = typed.get(name)?.result ?? [];
      const said = documented.get(name)?.result ?? [];
      const named = said.filter((key) => key !== '…');
      assert.deepEqual(
        named.filter((key) => !result.includes(key)),
        [],
      );
      if (named.length === said.length) assert.deepEqual(sorted(named), sorted(result));
    });
  }

  it('holds at least what was designed', () => {
    for (const [name, [options, result]] of Object.entries(designed)) {
      for (const option of words(options)) assert.ok(checked.get(name)?.includes(option), `${name}: option ${option}`);
      for (const key of words(result)) assert.ok(typed.get(name)?.result.includes(key), `${name}: result ${key}`);
    }
    for (const name of ofVaults)
      for (const option of ['vault', 'name', 'version'])
        assert.ok(checked.get(name)?.includes(option), `${name}: option ${option}`);
  });
});
