/** Shows the expiry timeline in a webview panel: one script and one style of our own, no network, data as messages only. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import { commands, timelineViewType } from '../../contributions.ts';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { escapeHtml, pageHtml } from '../views/page.ts';
import type { VaultTreeService } from '../vaults/vaultTree.ts';
import { layOut } from './layout.ts';
import type { PlaceBar } from './layout.ts';
import { detailsOf, leadOf, entriesOf } from './source.ts';
import type { TimelineOrigin } from './source.ts';

/** Messages from the page. */
type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly id: string }
  | { readonly type: 'act'; readonly id: string; readonly action: string };

export interface TimelinePorts {
  readonly extensionUri: vscode.Uri;
  readonly vaults: Pick<VaultTreeService, 'store' | 'listed' | 'onDidChange' | 'thresholds'>;
  readonly clock: Clock;
  /** A bug of ours: logged. */
  report(error: unknown): void;
}

/** Opens the timeline, or brings the open one to the front. */
export function createTimeline(ports: TimelinePorts): { show(): void } {
  let open: vscode.WebviewPanel | undefined;
  return {
    show() {
      if (open !== undefined) {
        open.reveal();
        return;
      }
      const media = vscode.Uri.joinPath(ports.extensionUri, 'media', 'timeline');
      const title = vscode.l10n.t('Expiry of Vault Certificates');
      open = vscode.window.createWebviewPanel(timelineViewType, title, vscode.ViewColumn.Active, {
        enableScripts: true,
        localResourceRoots: [media],
      });
      open.iconPath = new vscode.ThemeIcon('graph-line');
      const page = connect(open, ports);
      open.onDidDispose(() => {
        page.dispose();
        open = undefined;
      });
      open.webview.html = pageHtml(open.webview, media, {
        title,
        style: 'timeline.css',
        script: 'timeline.js',
        bodyClass: 'empty',
        body: body(title),
      });
      ports.vaults.store.start().catch((error: unknown) => {
        ports.report(error);
      });
    },
  };
}

function connect({ webview }: vscode.WebviewPanel, ports: TimelinePorts): vscode.Disposable {
  const { vaults, clock } = ports;
  const { store } = vaults;
  let origins: ReadonlyMap<string, TimelineOrigin> = new Map();
  let place: PlaceBar = () => undefined;
  let selected: string | undefined;
  /** Counts drawings: one that a newer one has overtaken is dropped. */
  let drawing = 0;

  const guarded = (work: Promise<void>) => {
    work.catch((error: unknown) => {
      ports.report(error);
    });
  };
  const draw = async () => {
    const mine = ++drawing;
    const now = clock.now();
    const certificates = vaults.listed();
    // Ten thousand rows are worked out in turns, so that the other extensions get theirs.
    await nextTurn();
    const listed = entriesOf(certificates, now);
    await nextTurn();
    if (mine !== drawing) return;
    const { days: thresholdDays, urgentDays } = vaults.thresholds();
    const { place: placeOf, ...timeline } = layOut(listed.entries, {
      now,
      thresholdDays,
      urgentDays,
      language: vscode.env.language,
    });
    origins = listed.origins;
    place = placeOf;
    await nextTurn();
    if (mine !== drawing) return;
    const lead = leadOf(store, listed.entries.length);
    const texts = { list: vscode.l10n.t('Certificates by expiry') };
    void webview.postMessage({ type: 'timeline', timeline, lead, texts });
    if (selected !== undefined) guarded(select(selected));
  };
  const select = async (id: string) => {
    const origin = origins.get(id);
    if (origin === undefined) return;
    selected = id;
    try {
      const [details, versions] = await Promise.all([
        store.details(origin.origin, origin.name),
        store.versions(origin.origin, origin.name),
      ]);
      const vaultName = store.records.get(origin.origin)?.vault.name ?? '';
      const context = { vaultName, place, thresholds: vaults.thresholds(), now: clock.now() };
      await webview.postMessage({ type: 'details', id, ...detailsOf(details, versions, context), actions: actions() });
    } catch (error) {
      if (isCancelled(error)) return;
      if (!isExpectedError(error)) throw error;
      const problem = { heading: origin.name, facts: [{ label: vscode.l10n.t('Problem'), value: error.message }] };
      await webview.postMessage({ type: 'details', id, ...problem, versionsHeading: '', versions: [], actions: [] });
    }
  };
  const act = async (id: string, action: string) => {
    const origin = origins.get(id);
    if (origin === undefined) return;
    const { origin: vault, name } = origin;
    if (action === 'useInApp') {
      const certificate = { kind: 'vault', vault, name };
      await vscode.commands.executeCommand(commands.useInApp, { commandOptions: { certificate } });
    } else if (action === 'copy') {
      const { thumbprintSha256 = '' } = await store.details(vault, name);
      await vscode.env.clipboard.writeText(thumbprintSha256);
    }
  };
  return vscode.Disposable.from(
    webview.onDidReceiveMessage((message: FromPage) => {
      if (message.type === 'ready') guarded(draw());
      else if (message.type === 'select') guarded(select(message.id));
      else guarded(act(message.id, message.action));
    }),
    vaults.onDidChange(() => guarded(draw())),
    // A drawing under way must not reach a closed page.
    { dispose: () => drawing++ },
  );
}

function actions() {
  return [
    { action: 'useInApp', label: vscode.l10n.t('Use in App…') },
    { action: 'copy', label: vscode.l10n.t('Copy SHA-256 Thumbprint') },
  ];
}

function body(title: string): string {
  return `<h1>${escapeHtml(title)}</h1>
<p id="lead" role="status"></p>
<div id="axis" aria-hidden="true"></div>
<div id="list" role="listbox" tabindex="0"><div id="rows" role="presentation"></div></div>
<section id="details" aria-live="polite"></section>
<div id="status" class="visually-hidden" role="status"></div>`;
}
