/** Facts as Markdown. Subjects, issuers and tags are strangers' text: every character that could mean something is escaped. */
import type { Fact } from './facts.ts';

/** Text that Markdown shows as it is, on one line: no link, no image, no markup comes of it (CommonMark 2.4). */
export function escapeMarkdown(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&').replace(/\s+/g, ' ');
}

/** @param state in words */
export function factsMarkdown(name: string, state: string | undefined, facts: readonly Fact[]): string {
  const title = `**${escapeMarkdown(name)}**`;
  const lines = facts.map(({ label, value, code }) => {
    // Only hex and the like is marked as code: it cannot end the mark.
    const shown = code === true && /^[\w-]+$/.test(value) ? `\`${value}\`` : escapeMarkdown(value);
    return `${escapeMarkdown(label)}: ${shown}`;
  });
  return [state === undefined ? title : `${title} — ${escapeMarkdown(state)}`, ...lines].join('\n\n');
}
