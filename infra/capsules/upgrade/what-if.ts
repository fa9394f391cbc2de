/** What the next version of a capsule would have changed in the past runs of an install. Pure. */
import { anyCovers } from '../../../schemas/capabilities.ts';
import { moneyOf, total, unitsOf } from '../../../schemas/contexts/billing/money.ts';
import { neededBy } from '../../../schemas/contexts/capsules/needs.ts';
import { checkOf } from '../../tools/manifest/json-schema.ts';
import type { CapsuleManifest } from '../manifest.ts';
import { inputIn } from './prompt.ts';

/** A run of the install, without those that it started itself. */
export interface PastRun {
  readonly runId: string;
  readonly prompt: string;
  readonly steps: number;
  readonly tokens: number;
  /** A decimal, in the currency of the platform. */
  readonly cost: string;
  /** Null for a run that has not ended. */
  readonly wallMs: number | null;
  /** Tools that it called, each once. */
  readonly tools: readonly string[];
}

/** Reasons for which the next version refuses a run, or ends it earlier. */
export const upgradeReasons = [
  ...['CAPABILITY_MISSING', 'CAPSULE_INPUT_INVALID', 'CAPSULE_TOOL_MISSING', 'AGENT_STEPS_EXHAUSTED'],
  ...['AGENT_TOKENS_EXHAUSTED', 'AGENT_COST_EXHAUSTED', 'AGENT_DEADLINE'],
] as const;
type UpgradeReason = (typeof upgradeReasons)[number];

interface Versions {
  readonly from: CapsuleManifest;
  readonly to: CapsuleManifest;
  /** Capabilities that runs may use after the upgrade. */
  readonly granted: readonly string[];
}

/** Runs that a reason names at most. */
const EXAMPLES_MAX = 5;

interface Changed {
  readonly code: UpgradeReason;
  readonly runs: number;
  readonly detail: string;
  readonly examples: readonly string[];
}

/** What a version costs for the runs of the past. */
export interface PastPrice {
  readonly amount: string;
  readonly currency: string;
  readonly meter: string;
  /** What the runs cost: those of a price by install cost nothing, and neither does an upgrade. */
  readonly charged: string;
}

export interface UpgradeWhatIf {
  readonly runs: number;
  /** Runs that the next version would refuse, or end earlier. */
  readonly changed: number;
  readonly reasons: readonly Changed[];
  /** What the runs used: the metered cost is that of the platform. */
  readonly tokens: number;
  readonly cost: string;
  readonly before: PastPrice;
  readonly after: PastPrice;
}

const priceOf = ({ price: { amount, currency, meter } }: CapsuleManifest, runs: number): PastPrice => ({
  ...{ amount: total([amount]), currency, meter },
  charged: moneyOf(meter === 'run' ? unitsOf(amount) * BigInt(runs) : 0n),
});

type Found = readonly [code: UpgradeReason, detail: string];

/** Returns why the next version refuses or ends a run; empty where nothing changes. */
function reasonsOf(run: PastRun, { to, granted }: Versions, check: ReturnType<typeof checkOf>): readonly Found[] {
  const { steps, tokens, cost, wall_ms: wallMs } = to.agent.limits;
  const input = inputIn(run.prompt);
  const [problem] = input === null ? [] : check(input);
  const absent = run.tools.filter((each) => !to.tools.some(({ name }) => name === each));
  const ungranted = neededBy(to).filter((needed) => !anyCovers(granted, needed));
  return [
    ...ungranted.map((each): Found => ['CAPABILITY_MISSING', `${each} is not granted.`]),
    ...(problem === undefined
      ? []
      : [['CAPSULE_INPUT_INVALID', `input${problem.instancePath}: ${problem.message ?? 'does not fit'}.`] as const]),
    ...absent.map((each): Found => ['CAPSULE_TOOL_MISSING', `It called ${each}, which the version does not have.`]),
    ...(run.steps > steps ? [['AGENT_STEPS_EXHAUSTED', `More than ${steps} steps.`] as const] : []),
    ...(run.tokens > tokens ? [['AGENT_TOKENS_EXHAUSTED', `More than ${tokens} tokens.`] as const] : []),
    ...(cost !== null && unitsOf(run.cost) > unitsOf(cost)
      ? [['AGENT_COST_EXHAUSTED', `More than ${cost}.`] as const]
      : []),
    ...((run.wallMs ?? 0) > wallMs ? [['AGENT_DEADLINE', `More than ${wallMs} ms.`] as const] : []),
  ];
}

/** Returns what the next version would have changed. Inputs, limits, tools, the grant and prices; answers are for the regression. */
export function whatIfUpgraded(versions: Versions, runs: readonly PastRun[]): UpgradeWhatIf {
  const check = checkOf(versions.to.input);
  const found = runs.map((run) => ({ run, reasons: reasonsOf(run, versions, check) }));
  const reasons = upgradeReasons.flatMap((code) => {
    const of = found.filter(({ reasons: each }) => each.some(([named]) => named === code));
    const [first] = of.flatMap(({ reasons: each }) => each.filter(([named]) => named === code));
    if (first === undefined) return [];
    return [
      { code, runs: of.length, detail: first[1], examples: of.slice(0, EXAMPLES_MAX).map(({ run }) => run.runId) },
    ];
  });
  return {
    ...{ runs: runs.length, changed: found.filter(({ reasons: each }) => each.length > 0).length, reasons },
    ...{
      tokens: runs.reduce((sum, { tokens }) => sum + tokens, 0),
      cost: total(['0', ...runs.map(({ cost }) => cost)]),
    },
    ...{ before: priceOf(versions.from, runs.length), after: priceOf(versions.to, runs.length) },
  };
}
