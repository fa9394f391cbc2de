import {
  CAPSULE_ATTESTATIONS_MAX,
  type CapsuleFacts,
  type CapsuleReader,
  capsuleIdOf,
  capsuleReviewOutcomes,
  capsuleScope,
} from '../../schemas/contexts/capsules.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { toolIdOf } from '../../schemas/contexts/tools.ts';
import {
  capsule,
  capsuleAttested,
  capsuleListed,
  capsuleRefused,
  capsuleReviewed,
  capsuleRevoked,
  capsuleSubmitted,
  capsuleYanked,
  engageKillSwitch,
  type PolicyDecided,
  type SubmitCapsule,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { type Tools, tools as toolsTable } from '../tables/tools.ts';
import { approvalsOf, type CapsuleEvent, type CapsuleState, evolve, type Output } from './state.ts';

type Command = RecordOf<'SubmitCapsule' | 'ReviewCapsule' | 'AttestCapsule' | 'YankCapsule' | 'RevokeCapsule'>;
type Input = RecordOf<'PolicyDecided'>;
type Known = Exclude<CapsuleState, { readonly status: 'absent' }>;

/** What decisions need of the configuration. */
export interface CapsuleRules {
  readonly read: CapsuleReader;
  /** Approvals by principals other than the publisher that listing needs. */
  readonly reviewsRequired: number;
}

interface About extends Pick<Meta, 'tenantId' | 'timeMs' | 'place'> {
  readonly rules: CapsuleRules;
  readonly tools: Tools;
}

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

const UNKNOWN: Refusal = { code: 'CAPSULE_UNKNOWN', detail: 'No capsule of this name and version exists.' };
const stateRefusal = (status: string): Refusal => ({
  code: 'CAPSULE_STATE_INVALID',
  detail: `The capsule is ${status}.`,
});

/** Decides on a decision of policy. A command in the name of another tenant finds no capsule. */
const decideBy =
  (rules: CapsuleRules) =>
  (
    state: CapsuleState,
    { data }: Input,
    { tenantId, timeMs, place }: Meta,
    { tools }: { readonly tools: Tools },
  ): readonly Output[] => {
    const command = commandOf(data);
    if (command === null) return [];
    const events = eventsOf(state, command, data, { rules, tools, tenantId, timeMs, place });
    const after = events.reduce(evolve, state);
    if (after === state || after.status === 'absent') return events;
    return [...events, currentOf(command.data.capsuleId, after, { timeMs, place })];
  };

function eventsOf(state: CapsuleState, command: Command, decided: PolicyDecided, about: About): readonly Output[] {
  const { decision } = decided;
  const { capsuleId, principal } = command.data;
  const refuse = ({ code, detail }: Refusal, shortfall: ReturnType<typeof refusalOf>['shortfall'] = null) => [
    capsuleRefused({ capsuleId, principal, code, detail, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') {
    const refusal = refusalOf(decided);
    return refuse(refusal, refusal.shortfall);
  }
  const { decisionId } = decision;
  const made =
    command.type === 'SubmitCapsule'
      ? submitted(state, command.data, decisionId, about)
      : state.status === 'absent' || state.tenantId !== about.tenantId
        ? UNKNOWN
        : changed(state, command, decisionId, about.rules.read);
  return 'code' in made ? refuse(made) : made;
}

/** Submits a version after the automatic checks; it is listed at once where no review is needed. */
function submitted(
  state: CapsuleState,
  { capsuleId, principal, envelope, digest, attestations }: SubmitCapsule,
  decisionId: string,
  { rules: { read, reviewsRequired: required }, tools, tenantId }: About,
): readonly CapsuleEvent[] | Refusal {
  if (state.status !== 'absent')
    return { code: 'ALREADY_EXISTS', detail: 'The version is published, and a version never changes.' };
  const found = read.manifest(envelope);
  if (found.status === 'refused') return found;
  const { manifest, facts } = found;
  if (found.digest !== digest)
    return { code: 'CAPSULE_DIGEST_MISMATCH', detail: `The manifest has sha256 ${found.digest}, not ${digest}.` };
  if (capsuleId !== capsuleIdOf({ ...facts, tenant: tenantId }) || facts.publisher !== tenantId)
    return {
      code: 'CAPSULE_INVALID',
      detail: `The manifest is of ${capsuleIdOf({ ...facts, tenant: facts.publisher })}, not of ${capsuleId}.`,
    };
  const problem = statementProblem(attestations, digest, read) ?? toolProblem(facts, tools, tenantId);
  if (problem !== null) return problem;
  const { asks, price, checks } = facts;
  const listed = capsuleListed({ capsuleId, tenantId, digest, manifest, price, principal });
  return [
    capsuleSubmitted({
      ...{
        capsuleId,
        tenantId,
        digest,
        manifest,
        envelope,
        attestations,
        asks,
        price,
        required,
        principal,
        decisionId,
      },
      checks: [...checks, 'attestations', 'tools'],
    }),
    ...(required === 0 ? [listed] : []),
  ];
}

function statementProblem(attestations: readonly string[], digest: string, read: CapsuleReader): Refusal | null {
  if (attestations.length > CAPSULE_ATTESTATIONS_MAX)
    return { code: 'CAPSULE_STATEMENT_INVALID', detail: `More than ${CAPSULE_ATTESTATIONS_MAX} statements.` };
  for (const bundle of attestations) {
    const found = read.attestation(bundle, digest);
    if (found.status === 'refused') return found;
  }
  return null;
}

/** The publisher has every tool of the capsule, under the manifest that the capsule names. */
function toolProblem({ tools: used }: CapsuleFacts, tools: Tools, tenantId: string): Refusal | null {
  for (const { name, digest } of used) {
    const tool = tools.get(toolIdOf(tenantId, name));
    if (tool?.status !== 'active') return { code: 'CAPSULE_TOOL_MISSING', detail: `There is no tool ${name}.` };
    if (digest !== null && tool.digest !== digest)
      return { code: 'CAPSULE_TOOL_MISSING', detail: `The tool ${name} has sha256 ${tool.digest}, not ${digest}.` };
  }
  return null;
}

function changed(
  state: Known,
  command: Exclude<Command, RecordOf<'SubmitCapsule'>>,
  decisionId: string,
  read: CapsuleReader,
): readonly (CapsuleEvent | RecordOf<'EngageKillSwitch'>)[] | Refusal {
  const { capsuleId, principal } = command.data;
  const { tenantId, digest } = state;
  switch (command.type) {
    case 'ReviewCapsule':
      return reviewed(state, command.data, decisionId);
    case 'AttestCapsule': {
      if (command.data.digest !== digest) return otherDigest(digest);
      if (state.attestations >= CAPSULE_ATTESTATIONS_MAX)
        return { code: 'CAPSULE_STATEMENT_INVALID', detail: `It has ${CAPSULE_ATTESTATIONS_MAX} statements already.` };
      const found = read.attestation(command.data.bundle, digest);
      if (found.status === 'refused') return found;
      const { predicateType } = found;
      return [
        capsuleAttested({ capsuleId, digest, predicateType, bundle: command.data.bundle, principal, decisionId }),
      ];
    }
    case 'YankCapsule': {
      if (state.status !== 'listed') return stateRefusal(state.status);
      const { reason } = command.data;
      return [capsuleYanked({ capsuleId, tenantId, digest, reason, principal, decisionId })];
    }
    case 'RevokeCapsule': {
      if (state.status === 'revoked') return stateRefusal(state.status);
      const { reason } = command.data;
      const scope = capsuleScope(digest);
      return [
        capsuleRevoked({ capsuleId, tenantId, digest, reason, principal, decisionId }),
        // Policy, gateways and workers follow the switches: the digest stops wherever it is installed.
        engageKillSwitch({
          ...{ scope, principal, capabilities: [`kill-switch:set:${scope}`], mode: 'stop', twoPerson: false },
          reason: `The capsule ${capsuleId} was revoked: ${reason}`,
        }),
      ];
    }
    default:
      return assertNever(command);
  }
}

const otherDigest = (digest: string): Refusal => ({
  code: 'CAPSULE_DIGEST_MISMATCH',
  detail: `The capsule has sha256 ${digest}.`,
});

/** Records a review. A rejection ends the version; the last approval that is needed lists it. */
function reviewed(
  state: Known,
  { capsuleId, principal, digest, outcome, note }: RecordOf<'ReviewCapsule'>['data'],
  decisionId: string,
): readonly CapsuleEvent[] | Refusal {
  if (state.digest !== digest) return otherDigest(state.digest);
  if (state.status !== 'submitted') return stateRefusal(state.status);
  if (principal === state.publishedBy)
    return { code: 'CAPSULE_REVIEW_OWN', detail: 'Who publishes a capsule does not review it.' };
  if (state.reviews.some((each) => each.principal === principal))
    return { code: 'CAPSULE_REVIEW_REPEATED', detail: 'The principal has reviewed this capsule already.' };
  if (!(capsuleReviewOutcomes as readonly string[]).includes(outcome))
    return { code: 'CAPSULE_STATE_INVALID', detail: `${outcome} is no outcome of a review.` };
  const { tenantId, manifest, price, publishedBy, required } = state;
  const approvals = approvalsOf(state.reviews) + (outcome === 'approve' ? 1 : 0);
  const isListed = outcome === 'approve' && approvals >= required;
  const status = outcome === 'reject' ? 'rejected' : isListed ? 'listed' : 'submitted';
  const review = capsuleReviewed({
    ...{ capsuleId, digest, outcome, note, approvals, required, status, principal, decisionId },
  });
  const listed = capsuleListed({ capsuleId, tenantId, digest, manifest, price, principal: publishedBy });
  return isListed ? [review, listed] : [review];
}

/** Returns the capsule for readers that hold all of them. */
function currentOf(capsuleId: string, state: Known, { timeMs, place }: Pick<Meta, 'timeMs' | 'place'>) {
  const { tenantId, status, digest, manifest, asks, price, required, reviews, publishedBy: principal } = state;
  return capsule({
    ...{ capsuleId, tenantId, status, digest, manifest, asks, price, required, reviews, principal },
    ...{ changedAt: timeMs, place },
  });
}

function commandOf({ command }: PolicyDecided): Command | null {
  switch (command.type) {
    case 'SubmitCapsule':
    case 'ReviewCapsule':
    case 'AttestCapsule':
    case 'YankCapsule':
    case 'RevokeCapsule':
      return command;
    default:
      return null;
  }
}

/** Keeps every version of a capsule: its checks, its reviews and whether tenants can install it. */
export const capsules = (rules: CapsuleRules): Processor =>
  processor({
    name: 'capsules',
    inputs: [topics.policyDecisions],
    outputs: [topics.capsulesEvents, topics.capsulesCurrent, topics.killSwitchCommands],
    tables: { tools: toolsTable },
    state: topics.capsulesState,
    initial: { status: 'absent' } as CapsuleState,
    finished: ({ status }) => status === 'absent',
    key: ({ data }) => commandOf(data)?.data.capsuleId ?? null,
    decide: decideBy(rules),
    evolve,
  });
