import { engagedSwitches } from '../state/kill-switches.ts';
import { mayAny } from '../state/session.ts';
import { timeOfDay } from '../state/text.ts';
import { useKillSwitches } from './use-kill-switches.ts';

/** A band on every page while a kill switch stops work: what it stops, since when, and why. */
export const SwitchBanner = () => (mayAny('kill-switch') ? <EngagedBanner /> : null);

function EngagedBanner() {
  useKillSwitches();
  const switches = engagedSwitches.value;
  const [first] = switches;
  if (first === undefined) return null;
  return (
    <p class="switch-banner" role="status">
      <strong>Kill switch engaged:</strong> {first.scope} since {timeOfDay(first.since)}, “{first.reason}”
      {switches.length > 1 && ` and ${switches.length - 1} more`}. <a href="/console/kill-switch">Open</a>
    </p>
  );
}
