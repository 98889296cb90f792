import assert from 'node:assert/strict';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { azureOf, developer, testEditor } from '../testing/azure.ts';

describe('a vault of 10,000 certificates', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
    // Ten thousand names for one certificate: what a list says of them is the same.
    const { certificates } = sandbox.vault('contoso-dev');
    const one = certificates['local-app'];
    assert.ok(one);
    for (let index = 1; index < 10_000; index++) {
      const name = `app-${String(index).padStart(5, '0')}`;
      certificates[name] = { ...one, name };
    }
  });
  after(() => sandbox.close());

  it('shows its first page after two requests', async () => {
    const azure = azureOf(sandbox);
    const before = sandbox.log.length;
    for await (const page of azure.vault('contoso-dev').list()) {
      assert.equal(page.length, 25);
      break;
    }
    assert.equal(sandbox.log.length - before, 2);
  });

  it('is listed with one request a page and one challenge, and nothing is kept', async function () {
    this.timeout(120_000);
    const azure = azureOf(sandbox);
    const before = sandbox.log.length;
    const names = new Set<string>();
    let peak = 0;
    const start = process.memoryUsage().heapUsed;
    for await (const page of azure.vault('contoso-dev').list()) {
      for (const { name } of page) names.add(name);
      peak = Math.max(peak, process.memoryUsage().heapUsed - start);
    }
    assert.equal(names.size, 10_000);
    const requests = sandbox.log.slice(before);
    assert.equal(requests.length, 401);
    assert.equal(requests.filter(({ status }) => status === 401).length, 1);
    // Sandbox and garbage included; the list itself would be some 5 MB.
    assert.ok(peak < 100 * 1024 * 1024, `${Math.round(peak / 1024 / 1024)} MB`);
  });

  it('can be left in the middle', async () => {
    const azure = azureOf(sandbox, {}, testEditor(sandbox, developer));
    const stop = new AbortController();
    let pages = 0;
    const work = (async () => {
      for await (const page of azure.vault('contoso-dev').list({ signal: stop.signal })) {
        assert.equal(page.length, 25);
        if (++pages === 3) {
          sandbox.faults.add({ kind: 'latency', milliseconds: 60_000, surface: 'vault', times: 1 });
          setImmediate(() => stop.abort());
        }
      }
    })();
    await assert.rejects(work, { name: 'CancelledError' });
    assert.equal(pages, 3);
  });

  it('bears short and empty pages in between', async function () {
    this.timeout(120_000);
    const vault = sandbox.vault('contoso-web');
    vault.behaviour.raggedPages = true;
    const names: string[] = [];
    let empty = 0;
    for await (const page of azureOf(sandbox).vault('contoso-web').versions('renewed-app')) {
      if (page.length === 0) empty++;
      names.push(...page.map(({ version }) => version ?? ''));
    }
    assert.equal(new Set(names).size, 40);
    assert.ok(empty > 0);
  });
});
