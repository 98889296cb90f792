/** Checks what a webview shows with axe, as accessibility testers do. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/**
 * Asserts that axe finds no violation of WCAG 2.1 A and AA in the webview whose tab is active.
 * @param selector an element that the webview's own page holds; waited for
 */
export async function assertAccessible(page: Page, selector: string): Promise<void> {
  const found = await violations(page, selector);
  assert.equal(found.length, 0, found.join('\n'));
}

/** What axe finds in the webview whose tab is active, in words. @param selector as in {@link assertAccessible} */
export async function violations(page: Page, selector: string): Promise<string[]> {
  const inside = page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe').locator(selector).first();
  await inside.waitFor();
  const frame = await (await inside.elementHandle()).ownerFrame();
  assert.ok(frame, `No webview on the screen holds ${selector}.`);
  // Through the debugger: the page's own policy lets no other script in.
  await frame.evaluate(source);
  const found = await frame.evaluate(async (): Promise<Violation[]> => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: unknown, options: unknown): Promise<{ violations: Violation[] }> };
    };
    const runOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };
    return (await axe.run((globalThis as unknown as { document: unknown }).document, { runOnly })).violations;
  });
  return found.map(({ id, help, nodes }) => {
    const where = nodes.map(({ html, failureSummary = '' }) => `${html.slice(0, 200)}\n    ${failureSummary}`);
    return `${id}: ${help}\n  ${where.join('\n  ')}`;
  });
}
