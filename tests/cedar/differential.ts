/** Compares our engine, with its own evaluator of conditions and without, with Cedar alone. */
import fc from 'fast-check';
import type { ConditionCompiler } from '../../infra/governance/cedar/conditions.ts';
import { createCedarEngine } from '../../infra/governance/cedar/engine.ts';
import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import type { VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { RuleVerdict } from '../../schemas/contexts/constitution/rules.ts';
import { type Case, cases } from './cases.ts';
import { cedarAlone } from './cedar-alone.ts';
import { nothingReached, type Reach, reachOf } from './reach.ts';

export interface DifferentialOptions {
  readonly cases: number;
  readonly seed: number;
  /** Path of one case to repeat, as printed by a failed run. */
  readonly path?: string | undefined;
  /** The evaluator to compare; default: that of the engine. */
  readonly compile?: ConditionCompiler | undefined;
  readonly onProgress?: (cases: number) => void;
}

interface Verdicts {
  readonly cedar: RuleVerdict;
  readonly own: RuleVerdict;
  readonly switchedOff: RuleVerdict;
}

export interface Counterexample extends Case, Verdicts {
  /** Path that repeats the case, with the seed. */
  readonly path: string;
}

export interface DifferentialReport {
  readonly cases: number;
  readonly reach: Reach;
  /** The smallest counterexample found; null when all verdicts were equal. */
  readonly counterexample: Counterexample | null;
}

/** Engines cache parsed policies by digest, so each case has its own digest. */
let digests = 0;
const constitutionOf = ({ policies }: Case): VerifiedConstitution => {
  digests += 1;
  return {
    status: 'verified',
    version: 'random',
    digest: `differential-${digests}`,
    document: { ...defaultConstitution, policies },
  };
};

const isSame = (a: RuleVerdict, b: RuleVerdict): boolean =>
  a.outcome === b.outcome && a.clauses.join() === b.clauses.join();

const differ = ({ cedar, own, switchedOff }: Verdicts): boolean => !isSame(own, cedar) || !isSame(switchedOff, cedar);

/** Returns a function that computes the three verdicts of a case. */
function judges(compile: ConditionCompiler | undefined) {
  const trusted = new Map<string, never>();
  const own = createCedarEngine({ trusted, ownConditions: true, ...(compile && { compile }) });
  const off = createCedarEngine({ trusted, ownConditions: false });
  return (one: Case): Verdicts => {
    const constitution = constitutionOf(one);
    return {
      cedar: cedarAlone(one),
      own: own.rule(constitution, one.request),
      switchedOff: off.rule(constitution, one.request),
    };
  };
}

/** Removes the policies without which the verdicts still differ. */
function withoutBystanders({ policies, request }: Case, differs: (one: Case) => boolean): Case {
  let left = policies;
  for (const policy of policies) {
    const without = { policies: left.filter((each) => each !== policy), request };
    if (differs(without)) left = without.policies;
  }
  return { policies: left, request };
}

/** Runs random cases until one differs, and shrinks it. Throws when Cedar cannot read a generated case. */
export function runDifferential(options: DifferentialOptions): DifferentialReport {
  const { cases: numRuns, seed, path, compile, onProgress } = options;
  const judge = judges(compile);
  const reach = nothingReached();
  let count = 0;
  const property = fc.property(cases, (one) => {
    const verdicts = judge(one);
    count += 1;
    onProgress?.(count);
    reach.verdicts[verdicts.cedar.outcome] += 1;
    for (const policy of one.policies) reachOf(reach, policy);
    return !differ(verdicts);
  });
  const details = fc.check(property, { numRuns, seed, ...(path !== undefined && { path }) });
  if (!details.failed) return { cases: count, reach, counterexample: null };
  const [smallest] = details.counterexample ?? [];
  if (smallest === undefined || details.counterexamplePath === null) throw details.errorInstance;
  const found = withoutBystanders(smallest, (one) => differ(judge(one)));
  return {
    cases: details.numRuns,
    reach,
    counterexample: { ...found, ...judge(found), path: details.counterexamplePath },
  };
}
