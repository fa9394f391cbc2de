import Runner from 'kafkajs/src/consumer/runner.js';
import { expect, it } from 'vitest';
import { pauseStoppedRunners } from './stopped-runners.ts';

it('a fetcher that polls a stopped consumer does not block timers and sockets', async () => {
  pauseStoppedRunners();
  const stopped = Object.assign(Object.create(Runner.prototype) as Runner, {
    running: false,
    logger: { debug: () => 0 },
  });
  let going = true;
  setTimeout(() => {
    going = false;
  }, 50);
  let asked = 0;
  while (going) {
    expect(await stopped.fetch(1)).toEqual([]);
    asked += 1;
    if (asked > 1_000) break;
  }
  expect(asked).toBeLessThan(20);
});
