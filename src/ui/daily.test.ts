import assert from 'node:assert/strict';
import { daily, eachOnItsOwn } from './daily.ts';

const hour = 3_600_000;

describe('what is done daily', () => {
  it('does not wait for a notification that nobody answers, nor for what fails', async () => {
    const reported: unknown[] = [];
    const problem = new Error('broken');
    await new Promise<void>((resolve) => {
      const never = () => new Promise<void>(() => undefined);
      const fails = () => Promise.reject(problem);
      const last = () => {
        resolve();
        return Promise.resolve();
      };
      const works = [never, fails, last];
      void eachOnItsOwn(works, (error) => reported.push(error));
    });
    assert.deepEqual(reported, [problem]);
  });

  it('is done once a day, soon after a sleep, and no more after the window is closed', () => {
    let time = 0;
    let done = 0;
    let stopped = false;
    let tick: () => void = () => assert.fail('no timer');
    const watch = daily(() => done++, {
      now: () => time,
      every: (milliseconds, call) => {
        assert.ok(milliseconds <= hour);
        tick = call;
        return () => {
          stopped = true;
        };
      },
    });
    const pass = (hours: number, step = 1) => {
      for (let passed = 0; passed < hours; passed += step) {
        time += step * hour;
        tick();
      }
    };
    pass(23);
    assert.equal(done, 0);
    pass(2);
    assert.equal(done, 1);
    pass(24 * 21);
    assert.equal(done, 22);
    // Asleep for three days: one reminder is enough.
    pass(72, 72);
    assert.equal(done, 23);
    // The clock was wrong.
    time -= 1000 * hour;
    tick();
    assert.equal(done, 24);
    watch.dispose();
    assert.ok(stopped);
  });
});
