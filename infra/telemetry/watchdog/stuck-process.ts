/** A process for watchdog.test.ts: sits on a record for ever, or only now and then for a while. */
import { startWatchdog } from '../watchdog.ts';

const { whereabouts } = startWatchdog({ role: 'test', stuckAfterMs: 1_500 });
const seat = whereabouts.seat({ processor: 'endless', topic: 'endless.commands', partition: 3 });
const spin = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

if (process.argv[2] === 'for ever') {
  setTimeout(() => {
    whereabouts.enter(seat, 4_711);
    spin(Number.POSITIVE_INFINITY);
  }, 100);
} else {
  setInterval(() => {
    whereabouts.enter(seat, 1);
    spin(200);
    whereabouts.leave();
  }, 300);
  process.stdout.write('turning\n');
}
