/** VS Code in a browser for suites that use it as a person does: by keyboard, looking at what is on the screen. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { projectRoot } from '../host/cache.ts';
import { newPage, startBrowser, startServer } from '../host/server.ts';
import type { Server, ServerOptions } from '../host/server.ts';

/** How long anything on the screen may take before the test fails. Generous: machines that test are busy. */
export const patience = 60_000;

const screenshots = path.join(projectRoot, 'test', 'screenshots');

/** Name in the theme picker, and the class that the workbench carries in it. */
export const themes = {
  light: { label: 'Light Modern', className: 'vs' },
  dark: { label: 'Dark Modern', className: 'vs-dark' },
  highContrast: { label: 'Dark High Contrast', className: 'hc-black' },
} as const;

export interface WorkbenchOptions {
  /** Folder or .code-workspace file to open: a copy, the suite changes it. */
  readonly workspace: string | undefined;
  /** Display language; default English. */
  readonly language?: string;
}

/** One VS Code server with one browser; each {@link Host.open} is a window without anything remembered from earlier ones but the extension's storage. */
export interface Host {
  readonly server: Server;
  readonly browser: Browser;
  open(options: WorkbenchOptions): Promise<Workbench>;
  stop(): Promise<void>;
}

/** What the suites do not look at and busy machines pay for. */
const light = { 'js/ts.tsserver.useSyntaxServer': 'always' };

/** Starts both with the project as it is built (`node esbuild.js`), or with another folder as the extension. */
export async function startHost(options: ServerOptions = {}): Promise<Host> {
  const settings = { ...light, ...options.settings };
  const server = await startServer({ extension: projectRoot, ...options, settings });
  const browser = await startBrowser().catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    server,
    browser,
    open: async ({ workspace, language }) => {
      const page = await newPage(browser, server);
      page.setDefaultTimeout(patience);
      // What VS Code's own language packs set; the texts of extensions follow it.
      if (language !== undefined)
        await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`);
      await page.goto(server.address(workspace));
      const workbench = new Workbench(page);
      await workbench.ready();
      return workbench;
    },
    stop: async () => {
      await browser.close();
      await server.stop();
    },
  };
}

/** For `afterEach`: what a test that failed saw, in test/screenshots/failed-TITLE.png, and what a screen reader was told last. */
export async function pictureFailure(test: Mocha.Context, workbench: Workbench | undefined): Promise<void> {
  const { currentTest } = test;
  if (currentTest?.state !== 'failed') return;
  const name = `failed-${currentTest.title.replaceAll(/[^\p{L}\d]+/gu, '-')}`;
  // Where the window itself is gone there is nothing to see; the test has said so.
  await workbench?.screenshot(name).catch(() => undefined);
  // Notifications may have gone from the screen by then.
  const spoken = await workbench?.page
    .locator('.monaco-aria-container')
    .allTextContents()
    .catch(() => []);
  console.error(`Said last: ${(spoken ?? []).join(' | ')}`);
}

const succeeds = (waiting: Promise<void>): Promise<boolean> =>
  waiting.then(
    () => true,
    () => false,
  );

/** A window. Its methods press keys and wait for what must then be on the screen; none waits for a time. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The widget of quick picks, input boxes and the command palette. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** Title of the open quick pick or input box, with its step counts, e.g. `Set Up Client Certificate (1/4)`. */
  get title(): Locator {
    return this.quickInput.locator('.quick-input-title');
  }

  /** The line below the input: its prompt, or what validation says. */
  get message(): Locator {
    return this.quickInput.locator('.quick-input-message');
  }

  get focusedRow(): Locator {
    return this.quickInput.locator('.monaco-list-row.focused');
  }

  /** Notifications that are on the screen. */
  get notifications(): Locator {
    return this.page.locator('.notification-list-item');
  }

  /** Modal dialogs that are on the screen. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar').waitFor();
    // A theme comes from an extension: once it is there, extensions are read and what they contribute is too.
    await this.page.locator('.monaco-workbench[class*="vscode-theme-"]').waitFor();
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** Enters text where the focus is, as pasting does: a key at a time takes seconds on a busy machine. */
  type(text: string): Promise<void> {
    return this.page.keyboard.insertText(text);
  }

  /** Waits until the keyboard writes into the open quick input, and into nothing behind it. */
  async inputFocused(timeout = patience): Promise<void> {
    await this.quickInput.locator('input:not([type=checkbox]):focus').waitFor({ timeout });
  }

  /** Runs a command from the palette by its whole title (`Category: Title`), waiting until the extension has contributed it. */
  command(title: string): Promise<void> {
    const row = this.quickInput
      .locator('.monaco-list-row')
      .filter({ has: this.page.getByText(title, { exact: true }) });
    return this.repeat(`running "${title}" from the palette`, async () => {
      await this.press('F1');
      await this.inputFocused(2000);
      // The palette may have kept the last search: replace it, with the ">" of commands.
      await this.press('ControlOrMeta+a');
      await this.type(`>${title}`);
      // The palette lists what there was when it opened; a command that comes later needs a new palette.
      await row.first().waitFor({ timeout: 2000 });
      await this.focusRow(title, 2000);
      await this.press('Enter');
    });
  }

  /** Does something again until what it is to lead to is seen: a page that is being drawn can take the focus from the quick input and close it. */
  async repeat(what: string, action: () => Promise<void>): Promise<void> {
    const end = Date.now() + patience;
    for (;;) {
      try {
        await action();
        return;
      } catch (error) {
        if (Date.now() > end) throw new Error(`Not possible: ${what}.`, { cause: error });
        await this.press('Escape');
      }
    }
  }

  /** Opens a file of the workspace by its name, by keyboard. */
  openFile(name: string): Promise<void> {
    return this.repeat(`opening ${name}`, async () => {
      await this.press('ControlOrMeta+p');
      await this.inputFocused(2000);
      await this.filter(name);
      await this.quickInput.locator('.monaco-list-row').filter({ hasText: name }).first().waitFor({ timeout: 5000 });
      await this.focusRow(name, 2000);
      await this.press('Enter');
      await this.tab(name, 5000);
    });
  }

  /** Closes all editors and waits until they are gone. */
  closeEditors(): Promise<void> {
    return this.repeat('closing all editors', async () => {
      await this.command('View: Close All Editors');
      const tabs = this.page.locator('.tabs-container .tab');
      await tabs.first().waitFor({ state: 'hidden', timeout: 2000 });
    });
  }

  /** Chooses an entry of the context menu of a row. */
  async inContextMenu(row: Locator, item: string): Promise<void> {
    await row.click({ button: 'right' });
    const menu = this.page.locator('.context-view .monaco-menu');
    const entry = menu.getByText(item, { exact: true });
    const end = Date.now() + patience;
    // A menu takes no clicks in its first tenth of a second: the button that opened it may still be down.
    do {
      assert.ok(Date.now() < end, `The menu does not take "${item}".`);
      await succeeds(entry.click({ timeout: 1000 }));
    } while (!(await succeeds(menu.waitFor({ state: 'hidden', timeout: 500 }))));
  }

  /** Moves the focus with the arrow keys to the row with this label, or, where there is none, to one that contains it. */
  async focusRow(label: string, timeout = patience): Promise<void> {
    const rows = this.quickInput.locator('.monaco-list-row');
    await rows.first().waitFor({ timeout });
    await this.inputFocused(timeout);
    // A list focuses its first row by itself a moment after it shows: a key pressed before that would count twice.
    await this.focusedRow.first().waitFor({ timeout });
    const spoken = async (row: Locator, within = timeout): Promise<string> =>
      (await row.getAttribute('aria-label', { timeout: within })) ?? '';
    // What a screen reader says: the label, then description and detail.
    const isExact = (text: string): boolean => text === label || text.startsWith(`${label},`);
    // The list may still be filling, and a row be gone by now.
    const shown = await Promise.all((await rows.all()).map((row) => spoken(row, 500).catch(() => '')));
    const matches = shown.some(isExact) ? isExact : (text: string): boolean => text.includes(label);
    const seen: string[] = [];
    for (let i = 0; i < 60; i++) {
      const focused = await spoken(this.focusedRow.first());
      if (matches(focused)) return;
      seen.push(focused);
      const moved = this.focusedRow.and(this.page.locator(`:not([aria-label=${JSON.stringify(focused)}])`));
      await this.press('ArrowDown');
      await moved
        .first()
        .waitFor({ timeout: 5000 })
        .catch(() => {
          assert.fail(`No row "${label}" in the list. Its rows: ${[...new Set(seen)].join(' | ')}`);
        });
    }
    assert.fail(`No row "${label}" in the list. Its rows: ${[...new Set(seen)].join(' | ')}`);
  }

  /** Picks an entry of the open quick pick by label, by keyboard, after waiting for the quick pick with this title where one is given. */
  async pick(label: string, title?: string): Promise<void> {
    if (title !== undefined) await this.waitForTitle(title);
    await this.quickInput.locator('.monaco-list-row').filter({ hasText: label }).first().waitFor();
    await this.focusRow(label);
    await this.press('Enter');
  }

  /** Replaces the text of the open input box and, unless told not to, accepts it. */
  async answer(text: string, options: { title?: string; accept?: boolean } = {}): Promise<void> {
    if (options.title !== undefined) await this.waitForTitle(options.title);
    // A list that was answered stays until the box is there.
    await this.quickInput.locator('.quick-input-list').waitFor({ state: 'hidden' });
    await this.replaceText(text);
    if (options.accept !== false) await this.press('Enter');
  }

  /** Replaces the text above the open list. */
  async filter(text: string): Promise<void> {
    await this.quickInput.locator('.quick-input-list').waitFor();
    await this.replaceText(text);
  }

  private async replaceText(text: string): Promise<void> {
    await this.inputFocused();
    await this.press('ControlOrMeta+a');
    await this.type(text);
  }

  /** Chooses a colour theme as a person would. */
  useTheme(theme: keyof typeof themes): Promise<void> {
    const { label, className } = themes[theme];
    return this.repeat(`choosing the theme ${label}`, async () => {
      await this.command('Preferences: Color Theme');
      await this.inputFocused(2000);
      await this.filter(label);
      await this.quickInput.locator('.monaco-list-row').filter({ hasText: label }).first().waitFor({ timeout: 5000 });
      await this.focusRow(label, 2000);
      await this.press('Enter');
      await this.quickInputClosed();
      await this.page.locator(`.monaco-workbench.${className}`).waitFor({ timeout: 5000 });
    });
  }

  /** Waits until the open quick input's title contains the text. */
  async waitForTitle(title: string): Promise<void> {
    await this.title.filter({ hasText: title }).waitFor();
  }

  /** Waits until no quick input is open. */
  async quickInputClosed(): Promise<void> {
    await this.page.locator('.quick-input-widget:visible').waitFor({ state: 'hidden' });
  }

  /** Waits for a notification that contains the text and gives it. */
  async notification(text: string): Promise<Locator> {
    const found = this.notifications.filter({ hasText: text }).first();
    await found.waitFor();
    return found;
  }

  /** Presses Enter on the button that has the focus in the modal dialog, once it has it, and waits until the dialog is gone. */
  async acceptDialog(): Promise<void> {
    await this.dialog.locator('.monaco-button:focus').waitFor();
    await this.press('Enter');
    await this.dialog.waitFor({ state: 'hidden' });
  }

  /** Waits for an editor tab whose name contains the text. */
  async tab(name: string, timeout = patience): Promise<Locator> {
    const found = this.page.locator('.tabs-container .tab').filter({ hasText: name }).first();
    await found.waitFor({ timeout });
    return found;
  }

  /** The view "Vault Certificates": its tree, or what it shows instead. */
  get vaultView(): Locator {
    return this.page.locator('.pane:has(> .pane-header[aria-label*="Vault Certificates"]) > .pane-body');
  }

  /** Opens the container of the extension's views and leaves {@link vaultView} all of its height. */
  async openVaultView(): Promise<void> {
    // The whole item: its badge lies above its icon.
    await this.page.locator('.activitybar .action-item:has(> [aria-label*="Client Certificates"])').click();
    await this.vaultView.waitFor();
    const workspace = this.page.locator('.pane-header[aria-label*="This Workspace"]');
    if ((await workspace.getAttribute('aria-expanded')) === 'true') await workspace.click();
    await this.page.locator('.pane-header[aria-label*="This Workspace"][aria-expanded="false"]').waitFor();
  }

  /** The document inside the webview whose tab is active. */
  webview(): ReturnType<Page['frameLocator']> {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe');
  }

  /** Saves what is on the screen to test/screenshots/NAME.png. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    // Not half-way through the fading in of a list.
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`), animations: 'disabled' });
  }

  /** Closes the window as if its tab were closed: nothing is saved. */
  async close(): Promise<void> {
    await this.page.context().close();
  }
}
