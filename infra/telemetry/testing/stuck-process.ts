/** A process for watchdog.test.ts: blocks on a record without end, or only from time to time. */
import { startWatchdog } from '../watchdog.ts';

const { beacon } = startWatchdog({ role: 'test', stuckAfterMs: 1_500 });
const slot = beacon.register({ processor: 'endless', topic: 'endless.commands', partition: 3 });
const spin = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

if (process.argv[2] === 'endless') {
  setTimeout(() => {
    beacon.enter(slot, 4_711);
    spin(Number.POSITIVE_INFINITY);
  }, 100);
} else {
  setInterval(() => {
    beacon.enter(slot, 1);
    spin(200);
    beacon.leave();
  }, 300);
  process.stdout.write('turning\n');
}
