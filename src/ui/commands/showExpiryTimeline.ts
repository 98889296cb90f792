/** Show Expiry Timeline: every listed vault certificate as a bar. */
import type { Command } from './run.ts';

export const showExpiryTimeline: Command<'showExpiryTimeline'> = {
  schema: {},
  changes: false,
  run(_run, services) {
    services.timeline.show();
    return Promise.resolve({});
  },
};
