import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  commands,
  contextKeys,
  reviewCommands,
  reviewScheme,
  settings,
  showLogCommand,
  vaultView,
  viewContainer,
} from './contributions.ts';

interface Command {
  command: string;
  title: string;
  category: string;
  icon?: string;
  enablement?: string;
}

interface Manifest {
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { supported: unknown; restrictedConfigurations: string[] } };
  contributes: {
    commands: Command[];
    menus: Record<string, { command: string; when?: string }[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string; name: string; icon: string }[]>;
    viewsWelcome: { view: string; contents: string; when: string }[];
    configuration: { properties: Record<string, { scope: string; default: unknown; markdownDescription: string }> };
  };
}

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const texts = JSON.parse(read('package.nls.json')) as Record<string, string>;
const { contributes } = manifest;
const all = [...Object.values(commands), ...Object.values(reviewCommands), showLogCommand].sort();

describe('package.json and src/contributions.ts', () => {
  it('name the same commands', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), all);
  });

  it('name the same settings, each with scope, default and description', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(Object.keys(properties).sort(), Object.values(settings).sort());
    for (const property of Object.values(properties)) {
      assert.ok(property.scope);
      assert.notEqual(property.default, undefined);
      assert.match(property.markdownDescription, /^%.+%$/);
    }
    for (const name of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations) {
      assert.ok(Object.hasOwn(properties, name), name);
    }
  });

  it('use the same context keys and scheme in when clauses', () => {
    const clauses = [
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when ?? '')),
      ...contributes.commands.map(({ enablement }) => enablement ?? ''),
      ...contributes.viewsWelcome.map(({ when }) => when),
    ].join(' ');
    const ids = new Set(clauses.replaceAll(`view == ${vaultView}`, '').match(/clientCertificate\.\w+/g) ?? []);
    assert.deepEqual([...ids].sort(), Object.values(contextKeys).sort());
    assert.ok(clauses.includes(`resourceScheme == ${reviewScheme}`));
  });

  it('name the same view, in one container, with a welcome for each empty state', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [viewContainer],
    );
    assert.deepEqual(Object.keys(contributes.views), [viewContainer]);
    assert.deepEqual(
      contributes.views[viewContainer]?.map(({ id }) => id),
      [vaultView],
    );
    for (const { view, when } of contributes.viewsWelcome) {
      assert.equal(view, vaultView);
      assert.match(when, /^clientCertificate\.vaults == \w+$/);
    }
    for (const { contents } of contributes.viewsWelcome) {
      const linked = [...(texts[contents.slice(1, -1)] ?? '').matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id ?? '');
      assert.ok(linked.length > 0, contents);
      for (const id of linked) assert.ok((all as readonly string[]).includes(id), id);
    }
  });

  it('have at most three buttons on one item of the view', () => {
    const items = (contributes.menus['view/item/context'] ?? []).filter((item) =>
      (item as { group?: string }).group?.startsWith('inline'),
    );
    const kinds = ['vault', 'vault.added.pinned', 'certificate.enabled', 'certificate.deleted', 'version.disabled'];
    for (const kind of kinds) {
      const shown = items.filter(({ when = '' }) => {
        const pattern = /viewItem =~ \/(.+?)\/(?: |$)/.exec(when)?.[1];
        return pattern === undefined ? when.includes(`viewItem == ${kind}`) : new RegExp(pattern).test(kind);
      });
      assert.ok(shown.length <= 3, `${kind}: ${shown.map(({ command }) => command).join(', ')}`);
    }
  });

  it('have menus of known commands only, each item with a condition', () => {
    for (const item of Object.values(contributes.menus).flat()) {
      assert.ok(all.includes(item.command), item.command);
      assert.ok(item.when, item.command);
    }
  });

  it('hide what makes sense in a review only from the palette', () => {
    const hidden = contributes.menus.commandPalette?.map(({ command }) => command).sort();
    assert.deepEqual(hidden, Object.values(reviewCommands).sort());
  });

  it('leave activation to the implicit events but one', () => {
    assert.deepEqual(manifest.activationEvents, ['onStartupFinished']);
  });
});

describe('package.nls.json', () => {
  it('has every text that package.json asks for, and no other', () => {
    const asked = new Set([...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? ''));
    assert.deepEqual(Object.keys(texts).sort(), [...asked].sort());
  });

  it('has titles for all commands, in one category', () => {
    for (const { title, category } of contributes.commands) {
      assert.match(title, /^%command\.\w+\.title%$/);
      assert.equal(category, '%category%');
    }
  });
});
