import assert from 'node:assert/strict';
import type { AppConfig } from '../appConfig/types.ts';
import { memoryReader } from '../appConfig/testing/memoryReader.ts';
import type { FileReader } from '../base/ports.ts';
import { createCheckMemory } from './checkMemory.ts';

const config = {
  file: '/app/a.js',
  line: 3,
  appRoot: '/app',
  certificate: { keyFile: '/app/a.key' },
} as unknown as AppConfig;

describe('what is remembered of a credential', () => {
  it('holds until the config, a file or the hour changes', async () => {
    const memory = createCheckMemory();
    let looked = 0;
    const ask = (files: FileReader, about = config, now = 0, by?: string) =>
      memory.facts(
        about,
        files,
        async (reader) => {
          looked++;
          await reader.read('/app/a.key');
          await reader.stat('/app/b.key');
          return { keyFile: { exists: true } };
        },
        now,
        by,
      );
    const files = memoryReader({ '/app/a.key': 'one' });
    assert.deepEqual(await ask(files), { keyFile: { exists: true } });
    await ask(memoryReader({ '/app/a.key': 'one' }));
    assert.equal(looked, 1);
    await ask(memoryReader({ '/app/a.key': 'two' }));
    assert.equal(looked, 2);
    await ask(memoryReader({ '/app/a.key': 'two', '/app/b.key': 'new' }));
    assert.equal(looked, 3);
    await ask(memoryReader({ '/app/a.key': 'two', '/app/b.key': 'new' }), {
      ...config,
      certificate: { keyFile: '/app/other.key' },
    });
    assert.equal(looked, 4);
    await ask(files);
    await ask(files, config, 3_700_000);
    assert.equal(looked, 6);
    await ask(files, config, 3_700_000, 'other settings');
    assert.equal(looked, 7);
  });

  it('holds what could not be read until that changes', async () => {
    const memory = createCheckMemory();
    let looked = 0;
    const ask = (files: FileReader) =>
      memory.facts(
        config,
        files,
        async (reader) => {
          looked++;
          await reader.read('/app/a.key').catch(() => undefined);
          await reader.stat('/app/a.key').catch(() => undefined);
          return {};
        },
        0,
      );
    const good = memoryReader({ '/app/a.key': 'one' });
    const fails = () => Promise.reject(new Error('a link to itself'));
    const broken: FileReader = { ...good, read: fails, stat: fails };
    await ask(broken);
    await ask(broken);
    assert.equal(looked, 1);
    await ask(good);
    assert.equal(looked, 2);
    await ask(broken);
    assert.equal(looked, 3);
  });
});
