import { killedProcess } from './testing/killedProcess.ts';

describe('a killed setup whose key is in the environment', function () {
  this.timeout(600_000);
  killedProcess('environment');
});
