import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAmong } from './samePath.ts';

describe('a file with unsaved changes', () => {
  it('is known by every path that leads to it', function () {
    if (process.platform === 'win32') this.skip();
    const base = mkdtempSync(join(tmpdir(), 'ccg-paths-'));
    try {
      const [app, link] = [join(base, 'app'), join(base, 'link')];
      mkdirSync(app);
      writeFileSync(join(app, 'a.js'), '');
      symlinkSync(app, link);
      symlinkSync(join(app, 'a.js'), join(base, 'b.js'));
      const [real, throughFolder, throughFile] = [join(app, 'a.js'), join(link, 'a.js'), join(base, 'b.js')];
      for (const file of [real, throughFolder, throughFile])
        for (const open of [real, throughFolder, throughFile]) assert.ok(isAmong(file, ['/elsewhere.js', open]));
      assert.ok(!isAmong(real, []));
      assert.ok(!isAmong(real, [join(app, 'other.js'), join(app, 'gone.js')]));
      assert.ok(isAmong(join(app, 'gone.js'), [join(app, 'gone.js')]));
    } finally {
      rmSync(base, { recursive: true });
    }
  });
});
