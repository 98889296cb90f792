/** Looking at the same thing in every theme and at two widths. */
import assert from 'node:assert/strict';
import { violations } from './accessibility.ts';
import { themes } from './harness.ts';
import type { Workbench } from './harness.ts';

type Theme = keyof typeof themes;

/** In pixels: a laptop's screen, and a window beside another one. */
const widths = [1280, 800];
const height = 800;

/** What VS Code tells a webview about the theme. */
const kinds: Readonly<Record<Theme, string>> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  highContrast: 'vscode-high-contrast',
};

/**
 * Does something in each theme at each width; in the end the window is dark and wide.
 * @param look gets a name for what it sees, e.g. `light-800`
 */
export async function inEveryLook(
  window: Workbench,
  look: (name: string, theme: Theme) => Promise<void>,
): Promise<void> {
  for (const theme of Object.keys(themes) as Theme[]) {
    await window.useTheme(theme);
    for (const width of widths) {
      await window.page.setViewportSize({ width, height });
      await look(`${theme}-${width}`, theme);
    }
    await window.page.setViewportSize({ width: widths[0] ?? 0, height });
  }
  await window.useTheme('dark');
}

/**
 * Takes pictures of the webview whose tab is active in every look, and asserts that axe finds nothing in any of them.
 * @param name of the pictures
 * @param selector an element that shows that the page is there
 */
export async function assertLooksRight(window: Workbench, name: string, selector = '#report h1'): Promise<void> {
  const found: string[] = [];
  await inEveryLook(window, async (look, theme) => {
    await window.webview().locator(`body[data-vscode-theme-kind="${kinds[theme]}"]`).waitFor();
    found.push(...(await violations(window.page, selector)).map((each) => `${look}: ${each}`));
    await window.screenshot(`${name}-${look}`);
  });
  assert.deepEqual(found, [], `axe has something against ${name}:\n${found.join('\n')}`);
}
