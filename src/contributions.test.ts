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
  walkthrough,
  workspaceView,
} from './contributions.ts';
import { milestones } from './ui/workspaceView/milestones.ts';

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
    walkthroughs: {
      id: string;
      steps: { id: string; description: string; media: { svg: string; altText: string }; completionEvents: string[] }[];
    }[];
    configuration: { properties: Record<string, { scope: string; default: unknown; markdownDescription: string }> };
  };
}

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const texts = JSON.parse(read('package.nls.json')) as Record<string, string>;
const { contributes } = manifest;
/** Commands that a text of the manifest links to; each must be one of ours. */
function linkedCommands(contents: string): string[] {
  const linked = [...(texts[contents.slice(1, -1)] ?? '').matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id ?? '');
  for (const id of linked) assert.ok((all as readonly string[]).includes(id), id);
  return linked;
}
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
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap(({ completionEvents }) => completionEvents)),
    ].join(' ');
    const ids = new Set(
      clauses
        .replaceAll(`view == ${vaultView}`, '')
        .replaceAll(`view == ${workspaceView}`, '')
        .match(/clientCertificate\.\w+/g) ?? [],
    );
    assert.deepEqual([...ids].sort(), Object.values(contextKeys).sort());
    assert.ok(clauses.includes(`resourceScheme == ${reviewScheme}`));
  });

  it('name the same views, in one container, with a welcome for each empty state', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [viewContainer],
    );
    assert.deepEqual(Object.keys(contributes.views), [viewContainer]);
    assert.deepEqual(
      contributes.views[viewContainer]?.map(({ id }) => id),
      [workspaceView, vaultView],
    );
    for (const { view, when } of contributes.viewsWelcome) {
      const key = view === vaultView ? contextKeys.vaults : contextKeys.workspace;
      assert.ok([vaultView, workspaceView].includes(view), view);
      assert.match(when, new RegExp(`^${key.replace('.', '\\.')} == \\w+$`));
    }
    for (const { contents } of contributes.viewsWelcome) assert.ok(linkedCommands(contents).length > 0, contents);
  });

  it('lead through the walkthrough by verified facts, each step with one button and a picture in theme colours', () => {
    assert.deepEqual(
      contributes.walkthroughs.map(({ id }) => id),
      [walkthrough],
    );
    const steps = contributes.walkthroughs.flatMap((one) => one.steps);
    assert.deepEqual(
      steps.map(({ completionEvents }) => completionEvents),
      milestones.map((name) => [`onContext:${contextKeys[name]} && ${contextKeys.walkthroughLooks}`]),
    );
    for (const { description, media } of steps) {
      linkedCommands(description);
      const lines = (texts[description.slice(1, -1)] ?? '').split('\n');
      assert.equal(lines.filter((line) => /^\[[^\]]+\]\(command:[\w.]+\)$/.test(line)).length, 1, description);
      assert.ok(texts[media.altText.slice(1, -1)]);
      const picture = read(media.svg);
      assert.match(picture, /^<svg [^>]*viewBox=/);
      const colours = [...picture.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour ?? '');
      assert.ok(colours.length > 0);
      for (const colour of colours) assert.match(colour, /^(?:none|var\(--vscode-[\w-]+\))$/, media.svg);
      assert.doesNotMatch(picture, /<script|href|style|on\w+=/);
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

  it('offer a certificate to an app only where its key can be used, and a setup only where a secret can be replaced', () => {
    const offered = (command: string, viewItem: string) =>
      (contributes.menus['view/item/context'] ?? []).filter(({ command: one, when = '' }) => {
        const pattern = /viewItem =~ \/(.+?)\/(?: |$)/.exec(when)?.[1];
        return one === command && pattern !== undefined && new RegExp(pattern).test(viewItem);
      }).length;
    const counts = ['certificate.enabled', 'version.enabled', 'certificate.disabled', 'version.disabled', 'app.none'];
    assert.deepEqual(
      counts.map((item) => offered(commands.useInApp, item)),
      [2, 2, 0, 0, 0],
    );
    assert.deepEqual([offered(commands.setUp, 'app.secret'), offered(commands.setUp, 'app.none')], [1, 0]);
  });

  it('offer in the explorer what can be done with an app config and with a certificate file, each in its own place', () => {
    const items = (contributes.menus['explorer/context'] ?? []) as { command: string; when: string; group: string }[];
    const forApps = items.filter(({ when }) => when.includes(contextKeys.appConfigFiles));
    const { setUp, checkApp, prove, rotate, retireSecret, runApp, undoSetup } = commands;
    assert.deepEqual(
      forApps.map(({ command }) => command),
      [setUp, checkApp, prove, rotate, retireSecret, runApp, undoSetup],
    );
    for (const shown of [forApps, items.filter((item) => !forApps.includes(item))]) {
      const groups = shown.map(({ group }) => group);
      assert.deepEqual([...new Set(groups)], groups);
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
