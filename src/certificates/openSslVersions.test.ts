import assert from 'node:assert/strict';
import { readOpenSslVersion } from './openSslVersions.ts';
import { succeed } from './testing/programs.ts';

describe('the version of openssl', () => {
  const cases: [output: string, is: string][] = [
    ['OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)\n', 'OpenSSL 3.0.19 usable'],
    ['OpenSSL 3.5.0-dev  (Library: OpenSSL 3.5.0-dev )', 'OpenSSL 3.5.0 usable'],
    ['OpenSSL 4.0.0 14 Apr 2026', 'OpenSSL 4.0.0 usable'],
    ['OpenSSL 1.1.1w  11 Sep 2023', 'OpenSSL 1.1.1w usable with a configuration'],
    ['OpenSSL 1.1.0l  10 Sep 2019', 'OpenSSL 1.1.0l too old'],
    ['OpenSSL 1.0.2zg  7 Feb 2023', 'OpenSSL 1.0.2zg too old'],
    ['OpenSSL 1.0.2k-fips  26 Jan 2017', 'OpenSSL 1.0.2k too old'],
    ['LibreSSL 3.3.6\n', 'LibreSSL 3.3.6 usable with a configuration'],
    ['LibreSSL 2.8.3', 'LibreSSL 2.8.3 usable with a configuration'],
    ['LibreSSL 2.2.7', 'LibreSSL 2.2.7 too old'],
    ['BoringSSL', 'unknown'],
    ['', 'unknown'],
    ['OpenSSL 3', 'unknown'],
    ["'openssl' is not recognized as an internal or external command", 'unknown'],
  ];
  for (const [output, is] of cases) {
    it(`${output.trim() || 'nothing'}: ${is}`, () => {
      const found = readOpenSslVersion(output);
      if (found === undefined) {
        assert.equal('unknown', is);
        return;
      }
      const use = found.supported ? `usable${found.needsConfiguration ? ' with a configuration' : ''}` : 'too old';
      assert.equal(`${found.kind} ${found.version} ${use}`, is);
    });
  }

  it('of this machine is read', async () => {
    assert.equal(readOpenSslVersion(await succeed('openssl', ['version']))?.supported, true);
  });
});
