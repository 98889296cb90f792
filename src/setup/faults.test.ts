import { killedProcess } from './testing/killedProcess.ts';

describe('a killed setup whose key is in a file', function () {
  this.timeout(600_000);
  killedProcess('file');
});
