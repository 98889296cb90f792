import { killedProcess } from './testing/killedProcess.ts';

describe('a killed setup whose key stays in the vault', function () {
  this.timeout(600_000);
  killedProcess('keyVault');
});
