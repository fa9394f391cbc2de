import { type LifeStep, lifeCapabilities, mayTake } from '../../schemas/constitution-life.ts';
import { constitutionRefused } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { constitutions } from '../kernel/constitutions.ts';
import { assertNever, type Processor, processor } from '../kernel.ts';
import type { ConstitutionEngine } from './engine.ts';
import type { Command, Held, Outcome } from './held.ts';
import { propose, review, shadow } from './propose.ts';
import { activate, sign } from './publish.ts';
import { absent, type ConstitutionEvent, type ConstitutionState, evolve } from './state.ts';

export interface ConstitutionOptions {
  /** Approvals by others than the proposer that publication takes. */
  readonly reviewsRequired: number;
}

const steps: Readonly<Record<Command['type'], LifeStep>> = {
  ProposeConstitution: 'propose',
  ReviewConstitution: 'review',
  SignConstitution: 'review',
  ActivateConstitution: 'activate',
  ShadowConstitution: 'activate',
};

function decide(held: Held, command: Command): readonly ConstitutionEvent[] {
  const outcome = outcomeOf(held, command);
  if (!('code' in outcome)) return outcome;
  const { code, detail } = outcome;
  const subject = command.type === 'ShadowConstitution' ? command.data.slot : command.data.version;
  return [constitutionRefused({ subject, principal: command.data.principal, code, detail })];
}

function outcomeOf(held: Held, command: Command): Outcome {
  const step = steps[command.type];
  // The gateway has looked already; a command that came another way is looked at here.
  if (!mayTake(command.data.capabilities, step))
    return { code: 'CAPABILITY_MISSING', detail: `This takes ${lifeCapabilities[step]}.` };
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
 * Leads constitutions from their proposal to the moment from which they decide. One partition, so that they have one
 * history; state of a version is its document and signatures, half a MiB at most.
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
