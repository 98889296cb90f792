/** Every finding in a real editor: it appears at its place, its quick fix makes it go away, the app still starts. And what nothing is said about. */
import * as vscode from 'vscode';
import { open, shown } from './editing.ts';
import { config, makeMaterial, passphrase } from './findings/app.ts';
import type { Material } from './findings/app.ts';
import { certificateRows } from './findings/certificateRows.ts';
import { checkNearMiss, checkRow, withApp } from './findings/checking.ts';
import { credentialRows, secret } from './findings/credentialRows.ts';
import { keyRows } from './findings/keyRows.ts';
import { nearMisses } from './findings/nearMisses.ts';
import { thumbprintRows } from './findings/thumbprintRows.ts';
import { suite } from './runner.ts';
import { keepSecret } from './secrets.ts';

export const run = suite(() => {
  let material: Material;
  before(async () => {
    material = await makeMaterial();
    // What stands in the apps' own files is not what this extension writes.
    await vscode.workspace.getConfiguration().update('workbench.localHistory.enabled', false, true);
    // Its watchers outlive the repositories of the rows.
    await vscode.workspace.getConfiguration().update('git.enabled', false, true);
    keepSecret(secret, passphrase, ...[material.own, material.other].map(({ key }) => key.split('\n')[1] ?? ''));
  });

  const tables = {
    thumbprints: thumbprintRows,
    credentials: credentialRows,
    keys: keyRows,
    certificates: certificateRows,
  };
  for (const [name, rows] of Object.entries(tables))
    describe(name, () => {
      for (const row of rows)
        it(`${row.code}: ${row.title}`, async function () {
          if (row.skip?.() === true) this.skip();
          await withApp(material, (app) => checkRow(row, app));
        });
    });

  describe('no finding', () => {
    for (const near of nearMisses) it(near.title, () => withApp(material, (app) => checkNearMiss(near, app)));

    it('in files that are no config of MSAL, or that a compiler wrote', () =>
      withApp(material, async (app) => {
        const literal = config(`clientSecret: '${secret}',`);
        const others = {
          'other.js': `export const options = { clientSecret: '${secret}', url: 'https://api.example' };\n`,
          'dist/authConfig.js': `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n${literal}//# sourceMappingURL=authConfig.js.map\n`,
          'node_modules/some/authConfig.js': literal,
        };
        const documents: vscode.TextDocument[] = [];
        for (const [file, text] of Object.entries(others)) {
          await app.write(file, text);
          documents.push(await open(app.path(file), text));
        }
        // What was opened before has been looked at when the last one has been.
        await shown((await open(app.path('authConfig.js'), literal)).uri, 'secret-in-code');
        for (const { uri } of documents) await shown(uri);
      }));
  });
});
