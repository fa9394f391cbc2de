import type { KillSwitches } from '../../../schemas/contexts/kill-switch.ts';
import type { aSwitch } from '../../../streams/testing.ts';
import type { Switches } from '../kill-switches.ts';

/** No switch was ever engaged. */
export const noSwitches: Switches = { ready: Promise.resolve(), value: new Map(), listen: () => () => undefined };

/** Kill switches that a test sets by hand. */
export function switchBoard(ready: Promise<void> = Promise.resolve()) {
  let held: KillSwitches = new Map();
  const listeners = new Set<() => void>();
  const switches: Switches = {
    ready,
    get value() {
      return held;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    switches,
    listeners,
    set: (...all: readonly ReturnType<typeof aSwitch>[]) => {
      held = new Map(all.map(({ data }) => [data.scope, data]));
      for (const listener of listeners) listener();
    },
  };
}
