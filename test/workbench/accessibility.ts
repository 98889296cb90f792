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
 * Asserts that axe finds no violation of WCAG 2.1 A and AA in the webview that holds the element.
 * @param selector an element of the webview's own page
 */
export async function assertAccessible(page: Page, selector: string): Promise<void> {
  for (const frame of page.frames()) {
    if (frame.parentFrame() === null || (await frame.locator(selector).count()) === 0) continue;
    // Through the debugger: the page's own policy lets no other script in.
    await frame.evaluate(source);
    const violations = await frame.evaluate(async (): Promise<Violation[]> => {
      const { axe } = globalThis as unknown as {
        axe: { run(context: unknown, options: unknown): Promise<{ violations: Violation[] }> };
      };
      const runOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };
      return (await axe.run((globalThis as unknown as { document: unknown }).document, { runOnly })).violations;
    });
    const told = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html.slice(0, 200)).join('\n  ')}`,
    );
    assert.equal(violations.length, 0, told.join('\n'));
    return;
  }
  assert.fail(`No webview on the screen holds ${selector}.`);
}
