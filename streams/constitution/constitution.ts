import { type LifeStep, lifeCapabilities, mayTake } from '../../schemas/contexts/constitution/life.ts';
import { constitutionRefused } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Processor, processor } from '../kernel.ts';
import { constitutions } from '../tables/constitutions.ts';
import type { Command, DecisionFacts, Outcome } from './current-version.ts';
import type { ConstitutionEngine } from './engine.ts';
import { propose, review, shadow } from './propose.ts';
import { activate, sign } from './publish.ts';
import { absent, type ConstitutionEvent, type ConstitutionState, evolve } from './state.ts';

export interface ConstitutionOptions {
  /** Approvals required for publication, by principals other than the proposer. */
  readonly reviewsRequired: number;
}

const steps: Readonly<Record<Command['type'], LifeStep>> = {
  ProposeConstitution: 'propose',
  ReviewConstitution: 'review',
  SignConstitution: 'review',
  ActivateConstitution: 'activate',
  ShadowConstitution: 'activate',
};

function decide(held: DecisionFacts, command: Command): readonly ConstitutionEvent[] {
  const outcome = outcomeOf(held, command);
  if (!('code' in outcome)) return outcome;
  const { code, detail } = outcome;
  const subject = command.type === 'ShadowConstitution' ? command.data.slot : command.data.version;
  return [constitutionRefused({ subject, principal: command.data.principal, code, detail })];
}

function outcomeOf(held: DecisionFacts, command: Command): Outcome {
  const step = steps[command.type];
  // The gateway has checked this already; a command that arrived another way is checked here.
  if (!mayTake(command.data.capabilities, step))
    return { code: 'CAPABILITY_MISSING', detail: `This requires ${lifeCapabilities[step]}.` };
  switch (command.type) {
    case 'ProposeConstitution':
      return propose(held, command.data);
    case 'ReviewConstitution':
      return review(held, command.data);
    case 'SignConstitution':
      return sign(held, command.data);
    case 'ActivateConstitution':
      return activate(held, command.data);
    case 'ShadowConstitution':
      return shadow(held, command.data);
    default:
      return assertNever(command);
  }
}

/**
 * Manages constitution versions from proposal to activation. One partition, so that all versions share one history; the
 * state of a version is its document and signatures, half a MiB at most.
 */
export const constitution = (engine: ConstitutionEngine, { reviewsRequired }: ConstitutionOptions): Processor =>
  processor({
    name: 'constitution',
    inputs: [topics.constitutionCommands],
    outputs: [topics.constitutionEvents],
    tables: { all: constitutions },
    state: topics.constitutionState,
    initial: absent,
    finished: ({ status }: ConstitutionState) => status === 'absent',
    key: (_, meta) => meta.key,
    decide: (state: ConstitutionState, command, _meta, { all }) =>
      decide({ engine, reviewsRequired, state, all }, command),
    evolve,
  });
