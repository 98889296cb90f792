/** Every state of the lens and the hover of a credential, as far as this machine alone knows it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hoverOf, lensesOf, lensRanges, open, shown, stateShown, until } from './editing.ts';
import { certificate, config, made, makeMaterial, plainFile } from './findings/app.ts';
import type { FindingApp, Material } from './findings/app.ts';
import { withApp } from './findings/checking.ts';
import { secret } from './findings/credentialRows.ts';
import { suite } from './runner.ts';

const day = 86_400_000;
const ofCertificate = ['Prove Sign-In', 'Rotate…'];
const ofSecret = ['Set Up Client Certificate…'];

interface State {
  readonly title: string;
  readonly make: (app: FindingApp) => string | Promise<string>;
  /** `SHA` stands for the own certificate's first four digits. */
  readonly state: RegExp;
  readonly actions: readonly string[];
  /** Property whose name has the lens; default `clientCertificate`. */
  readonly over?: string;
  /** What the hover tells beside the state. */
  readonly told?: readonly RegExp[];
}

export const run = suite(() => {
  let material: Material;
  before(async () => {
    material = await makeMaterial();
  });
  const good = () => config(certificate());

  /** Another certificate in the place of the own one, made `ago` days ago. */
  async function dated(app: FindingApp, validityDays: number, ago: number): Promise<string> {
    const pair = await made({ subject: 'CN=dated', validityDays, now: Date.now() - ago * day });
    await app.usePair(pair);
    await app.setEnv({ THUMBPRINT: pair.sha256 });
    return config(certificate({ key: plainFile }));
  }

  const states: readonly State[] = [
    {
      title: 'a secret in .env',
      make: () => config('clientSecret: process.env.SECRET,'),
      state: /^client secret$/,
      actions: ofSecret,
      over: 'clientSecret',
      told: [/msal-node: 7\.2\.3/],
    },
    {
      title: 'a secret in the code',
      make: () => config(`clientSecret: '${secret}',`),
      state: /^client secret$/,
      actions: ofSecret,
      over: 'clientSecret',
    },
    {
      title: 'both',
      make: (app) => {
        return app.setEnv({ SECRET: secret }).then(() => config(`clientSecret: process.env.SECRET, ${certificate()}`));
      },
      state: /^client secret and certificate · expires in \d{3} days · SHA-256 SHA… · 1 error$/,
      actions: ofCertificate,
      over: 'clientSecret',
    },
    {
      title: 'a valid certificate, of which no setup knows',
      make: good,
      state: /^expires in \d{3} days · SHA-256 SHA…$/,
      actions: ofCertificate,
      told: [/Subject: CN=own/, /Valid until: 20\d\d-\d\d-\d\d/, /SHA-256: [0-9A-F]{64}/, /SHA-1: [0-9A-F]{40}/],
    },
    {
      title: 'one that ends in weeks',
      make: (app) => dated(app, 60, 40),
      state: /^expires in 20 days · SHA-256 [0-9A-F]{4}…$/,
      actions: ofCertificate,
    },
    {
      title: 'one that ends tomorrow',
      make: (app) => dated(app, 1, 0),
      state: /^expires in 23 hours · SHA-256 [0-9A-F]{4}…$/,
      actions: ofCertificate,
    },
    {
      title: 'one that has ended',
      make: (app) => dated(app, 30, 300),
      state: /^expired 270 days ago · SHA-256 [0-9A-F]{4}… · 1 error$/,
      actions: ofCertificate,
    },
    {
      title: 'one that has not begun',
      make: (app) => dated(app, 30, -300),
      state: /^expires in 330 days · SHA-256 [0-9A-F]{4}… · 1 error$/,
      actions: ofCertificate,
    },
    {
      title: 'one that is not here',
      make: async (app) => {
        await app.remove('certs/app.crt');
        return good();
      },
      state: /^certificate not found on this machine$/,
      actions: ofCertificate,
      told: [/^(?!.*(?:Valid until|SHA-256))/s],
    },
    {
      title: 'one whose key is another’s',
      make: async (app) => {
        await app.usePair({ key: material.other.key, certificate: material.own.certificate });
        return config(certificate({ key: plainFile }));
      },
      state: /^key of another certificate · SHA-256 SHA… · 1 error$/,
      actions: ofCertificate,
    },
    {
      title: 'several errors',
      make: async (app) => {
        await app.remove('certs');
        return config(certificate({ thumbprint: `'AB:CD'` }));
      },
      state: /^certificate not found on this machine · 2 errors$/,
      actions: ofCertificate,
    },
    {
      title: 'an assertion',
      make: () => config('clientAssertion: async () => sign(),', { before: 'const sign = () => "a";' }),
      state: /^client assertion$/,
      actions: ofCertificate,
      over: 'clientAssertion',
    },
  ];
  for (const { title, make, state, actions, over = 'clientCertificate', told = [] } of states)
    it(title, () =>
      withApp(material, async (app) => {
        const document = await open(app.path('authConfig.js'), await make(app));
        const text = await stateShown(document);
        assert.match(text, new RegExp(state.source.replace('SHA…', `${material.own.sha256.slice(0, 4)}…`)));
        assert.deepEqual((await lensesOf(document)).slice(1), actions);
        for (const range of await lensRanges(document)) assert.equal(document.getText(range), over);
        const hover = await hoverOf(document, over);
        assert.ok(hover);
        const plain = hover.value.replaceAll('&nbsp;', ' ').replaceAll('\\', '');
        assert.ok(plain.startsWith(text), plain);
        for (const each of told) assert.match(plain, each);
        // What it leads to is this config, and nothing that is not a command of these.
        const links = [...hover.value.matchAll(/\(command:([\w.]+)\?([^)]*)\)/g)];
        assert.equal(links.length, actions.length + 1);
        const commands = links.map(([, command = '']) => command);
        assert.deepEqual(hover.isTrusted, { enabledCommands: commands });
        for (const [, , argument = ''] of links)
          assert.match(decodeURIComponent(argument), new RegExp(`"path":"[^"]*${over === '' ? '' : 'authConfig.js'}"`));
        assert.equal(await hoverOf(document, 'clientId'), undefined);
      }),
    );

  it('no credential: no lens', () =>
    withApp(material, async (app) => {
      const document = await open(app.path('authConfig.js'), config('clientSecret: process.env.SECRET,'));
      await stateShown(document);
      const edit = new vscode.WorkspaceEdit();
      const whole = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
      edit.replace(document.uri, whole, config(''));
      assert.ok(await vscode.workspace.applyEdit(edit));
      await until(
        async () => (await lensesOf(document)).length === 0,
        () => 'the lens is still there',
      );
      await shown(document.uri);
    }));

  it('several configs: each has its own', () =>
    withApp(material, async (app) => {
      const second = config('clientSecret: process.env.SECRET,').split('\n').slice(5).join('\n');
      const text = `${good()}${second.replace('module.exports.client', 'module.exports.other')}`;
      const document = await open(app.path('authConfig.js'), text);
      await stateShown(document);
      const titles = await lensesOf(document);
      assert.deepEqual(
        titles.filter((title) => title.startsWith('$(shield)')).map((title) => title.slice(10, 17)),
        ['expires', 'client '],
      );
      assert.deepEqual(
        (await lensRanges(document)).map((range) => document.getText(range)),
        [...Array<string>(3).fill('clientCertificate'), ...Array<string>(2).fill('clientSecret')],
      );
    }));

  it('follows what is typed, before it is saved', () =>
    withApp(material, async (app) => {
      const document = await open(app.path('authConfig.js'), config('clientSecret: process.env.SECRET,'));
      assert.equal(await stateShown(document), 'client secret');
      const edit = new vscode.WorkspaceEdit();
      const at = document.getText().indexOf('clientSecret: process.env.SECRET,');
      const range = new vscode.Range(document.positionAt(at), document.positionAt(at + 33));
      edit.replace(document.uri, range, certificate());
      assert.ok(await vscode.workspace.applyEdit(edit));
      await until(
        async () => (await stateShown(document)).startsWith('expires in'),
        () => 'the lens stayed',
      );
    }));

  it('the setting takes the lens away at once, and leaves hover and findings', () =>
    withApp(material, async (app) => {
      const document = await open(app.path('authConfig.js'), config('clientSecret: process.env.SECRET,'));
      await stateShown(document);
      const settings = vscode.workspace.getConfiguration();
      await settings.update('clientCertificate.codeLens', false, true);
      try {
        await until(
          async () => (await lensesOf(document)).length === 0,
          () => 'the lens is still there',
        );
        assert.ok(await hoverOf(document, 'clientSecret'));
        await shown(document.uri, 'secret-in-use');
      } finally {
        await settings.update('clientCertificate.codeLens', undefined, true);
      }
      await stateShown(document);
    }));

  it('the text of a stranger is text', () =>
    withApp(material, async (app) => {
      const pair = await made({ subject: 'CN="[x](command:workbench.action.quit) <b>$(trash) `a`"' });
      await app.usePair(pair);
      await app.setEnv({ THUMBPRINT: pair.sha256 });
      const document = await open(app.path('authConfig.js'), config(certificate({ key: plainFile })));
      await stateShown(document);
      const hover = await hoverOf(document, 'clientCertificate');
      assert.ok(hover);
      const [line = ''] = hover.value.split('\n').filter((each) => each.includes('quit'));
      assert.match(line, /\\\[x\\\]\\\(command/);
      assert.doesNotMatch(line, /[^\\][[`<]/);
      assert.doesNotMatch(line, /[^\\]\$\(/);
    }));
});
