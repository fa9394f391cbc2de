/**
 * All processors and workers. The command line, the local platform, ACLs, tests and the architecture drawing are
 * derived from these records, so a processor declared here is registered everywhere. A name is permanent: record ids,
 * consumer groups and transactional ids contain it.
 */

import type { SchemaProblems } from '../schemas/contexts/agents.ts';
import type { CapsuleReader } from '../schemas/contexts/capsules.ts';
import type { Calendar } from '../schemas/contexts/schedules/times.ts';
import { flatPrice, type Prices } from '../schemas/contexts/slm/prices.ts';
import type { ManifestReader } from '../schemas/contexts/tools.ts';
import { topics } from '../schemas/topics.ts';
import { agents } from './agents/agents.ts';
import { programRunner } from './agents/program-runner.ts';
import { analytics } from './analytics/analytics.ts';
import { anomalies } from './anomalies/anomalies.ts';
import { anomalyMeasures } from './anomalies/anomaly-measures.ts';
import { anomalySettings } from './anomalies/anomaly-settings.ts';
import { approvalNotifier } from './approvals/approval-notifier.ts';
import { approvals } from './approvals/approvals.ts';
import { audit } from './audit/audit.ts';
import { billing } from './billing/billing.ts';
import { capsuleCharges } from './billing/capsule-charges.ts';
import { credit } from './billing/credit.ts';
import { creditPostings } from './billing/credit-postings.ts';
import { priceTiers } from './billing/price-tiers.ts';
import { prices } from './billing/prices.ts';
import { tieredUseProcessor } from './billing/tiered-use.ts';
import { budget } from './budget/budget.ts';
import { capsuleInstalls } from './capsules/capsule-installs.ts';
import { capsules } from './capsules/capsules.ts';
import { classifier } from './classifier/classifier.ts';
import { constitution } from './constitution/constitution.ts';
import type { ConstitutionEngine } from './constitution/engine.ts';
import { conversation } from './conversation/conversation.ts';
import { evaluationChanges } from './evaluations/evaluation-changes.ts';
import { evaluationMemories } from './evaluations/evaluation-memories.ts';
import { evaluationWatcher } from './evaluations/evaluation-watcher.ts';
import { evaluations } from './evaluations/evaluations.ts';
import { files } from './files/files.ts';
import { identity } from './identity/identity.ts';
import { inference } from './inference/inference.ts';
import { jobAdmission } from './jobs/job-admission.ts';
import { jobJournal } from './jobs/job-journal.ts';
import { jobRunner } from './jobs/job-runner.ts';
import { jobs } from './jobs/jobs.ts';
import {
  type AnyTopic,
  apart,
  type Processor,
  type Topology,
  type TopologyLayout,
  topology,
  topologyOf,
  type Worker,
} from './kernel.ts';
import { killSwitchProcessor } from './kill-switch/kill-switch.ts';
import { memory } from './memory/memory.ts';
import { turnRecall } from './memory/turn-recall.ts';
import { operations } from './operations/operations.ts';
import { personas } from './personas/personas.ts';
import { policy } from './policy/policy.ts';
import type { RuleEngine } from './policy/rule-engine.ts';
import { policyEngine } from './policy-engine/policy-engine.ts';
import { revocations } from './revocations/revocations.ts';
import { schedules } from './schedules/schedules.ts';
import { sessions } from './sessions/sessions.ts';
import { slm } from './slm/slm.ts';
import { toolRegistry } from './tools/tool-registry.ts';
import { toolWorker } from './tools/tool-worker.ts';
import { tools } from './tools/tools.ts';
import { templates } from './workflows/templates.ts';

/** The dependencies of processors: settings, and pure functions that need a key or a package. */
export interface Needs {
  readonly ruleEngine: RuleEngine;
  readonly constitutionEngine: ConstitutionEngine;
  /** Prices of tokens, for budgets of money. */
  readonly prices: Prices;
  /** ISO 4217, of amounts that are metered. */
  readonly currency: string;
  /** True when an external policy engine is configured. */
  readonly asksEngine: boolean;
  /** True when an outside classifier is configured. */
  readonly asksClassifier: boolean;
  /** Number of approvals by principals other than the proposer that publishing a constitution needs. */
  readonly reviewsRequired: number;
  /** True when every release of a kill switch needs two principals. */
  readonly twoPerson: boolean;
  /** Cron patterns and time zones, for schedules. */
  readonly calendar: Calendar;
  /** Checks the signature and the content of manifests of tools. */
  readonly readManifest: ManifestReader;
  /** Checks the signature and the content of capsules. */
  readonly readCapsule: CapsuleReader;
  /** Approvals by principals other than the publisher that listing a capsule needs. */
  readonly capsuleReviewsRequired: number;
  /** Checks values by JSON Schemas. */
  readonly schemaProblems: SchemaProblems;
}

export type MakeProcessor = (needs: Needs) => Processor;

/** Processors that run as one topology in the layout `chained`. */
export interface ChainedProcessors {
  /** Names of processors, in the order in which they see a record that several of them read. */
  readonly members: readonly string[];
  readonly redrives: AnyTopic;
}

export interface Declarations {
  readonly processors: Readonly<Record<string, MakeProcessor>>;
  /** Topologies of more than one processor. A name is permanent, like that of a processor. */
  readonly topologies: Readonly<Record<string, ChainedProcessors>>;
  readonly workers: Readonly<Record<string, Worker>>;
}

const processors = {
  policy: ({ ruleEngine, prices, currency, asksEngine, asksClassifier }) =>
    policy(ruleEngine, { prices, currency, asksEngine, asksClassifier }),
  constitution: ({ constitutionEngine, reviewsRequired }) => constitution(constitutionEngine, { reviewsRequired }),
  'kill-switch': ({ twoPerson }) => killSwitchProcessor({ twoPerson }),
  revocations: () => revocations,
  identity: () => identity,
  personas: () => personas,
  sessions: () => sessions,
  conversation: () => conversation,
  inference: () => inference,
  jobs: () => jobs,
  'job-journal': () => jobJournal,
  'job-admission': () => jobAdmission,
  schedules: ({ calendar }) => schedules(calendar),
  files: () => files,
  tools: ({ readManifest, ruleEngine }) => tools(readManifest, (published) => ruleEngine.verify(published)),
  agents: ({ schemaProblems }) => agents(schemaProblems),
  approvals: () => approvals,
  'tool-registry': ({ readManifest }) => toolRegistry(readManifest),
  capsules: ({ readCapsule: read, capsuleReviewsRequired: reviewsRequired }) => capsules({ read, reviewsRequired }),
  'capsule-installs': () => capsuleInstalls,
  'capsule-charges': () => capsuleCharges,
  evaluations: () => evaluations,
  'evaluation-changes': () => evaluationChanges,
  'evaluation-memories': () => evaluationMemories,
  templates: () => templates,
  memory: () => memory,
  budget: () => budget,
  prices: () => prices,
  billing: ({ currency }) => billing(currency),
  'tiered-use': () => tieredUseProcessor,
  'price-tiers': () => priceTiers,
  credit: ({ currency }) => credit(currency),
  'credit-postings': ({ currency }) => creditPostings(currency),
  analytics: () => analytics,
  'anomaly-measures': () => anomalyMeasures,
  'anomaly-settings': () => anomalySettings,
  anomalies: () => anomalies,
  audit: () => audit,
} satisfies Declarations['processors'];

/** The governed path: a command, its decision and its effects are one transaction. */
const topologies = {
  core: {
    members: [
      'policy',
      'sessions',
      'conversation',
      'inference',
      'jobs',
      'job-journal',
      'schedules',
      'tools',
      'approvals',
      'agents',
      'capsule-installs',
      'capsule-charges',
    ],
    redrives: topics.coreRedrive,
  },
} as const satisfies Declarations['topologies'];

/** Workers; infra/bin/bindings.ts binds their side effects. */
const workers = {
  slm,
  'policy-engine': policyEngine,
  classifier,
  operations,
  'tool-worker': toolWorker,
  'program-runner': programRunner,
  'turn-recall': turnRecall,
  'approval-notifier': approvalNotifier,
  'job-runner': jobRunner,
  'evaluation-watcher': evaluationWatcher,
} satisfies Declarations['workers'];

export const all = { processors, topologies, workers };

export type WorkerName = keyof typeof workers;

/** Dependencies for a process without keys and configuration: no constitution is verified, no rule permits, no pattern is due. */
const inert: Needs = {
  ruleEngine: {
    verify: () => ({ status: 'unverified', code: 'NOT_CONFIGURED', detail: 'this process has no keys' }),
    rule: () => ({ outcome: 'error', clauses: [] }),
  },
  constitutionEngine: {
    read: () => ({ status: 'refused', code: 'NOT_CONFIGURED', detail: 'this process has no keys' }),
    signed: () => false,
    seal: () => '',
    open: () => null,
    verify: () => ({ status: 'unverified', code: 'NOT_CONFIGURED', detail: 'this process has no keys' }),
  },
  prices: flatPrice('0'),
  currency: 'USD',
  asksEngine: false,
  asksClassifier: false,
  reviewsRequired: 0,
  twoPerson: false,
  calendar: { next: () => null, cronProblem: () => 'this process has no calendar', isTimeZone: () => false },
  schemaProblems: () => ['this process checks no schemas'],
  readManifest: () => ({ status: 'refused', code: 'NOT_CONFIGURED', detail: 'this process has no keys' }),
  readCapsule: {
    manifest: () => ({ status: 'refused', code: 'NOT_CONFIGURED', detail: 'this process has no keys' }),
    attestation: () => ({ status: 'refused', code: 'NOT_CONFIGURED', detail: 'this process has no keys' }),
  },
  capsuleReviewsRequired: 0,
};

/** Returns every processor, to inspect its declaration without configuration. */
export const declaredProcessors = (from: Declarations = all): readonly Processor[] =>
  Object.values(from.processors).map((make) => make(inert));

/**
 * Returns every topology of a layout, to inspect it without configuration: those of several members, chained or apart,
 * and every other processor alone.
 */
export function declaredTopologies(layout: TopologyLayout, from: Declarations = all): readonly Topology[] {
  const processors = new Map(declaredProcessors(from).map((each) => [each.name, each]));
  const members = new Set(Object.values(from.topologies).flatMap((each) => each.members));
  const several = Object.entries(from.topologies).flatMap(([name, { members: names, redrives }]) => {
    const chained = topology({ name, members: names.flatMap((each) => processors.get(each) ?? []), redrives });
    return layout === 'chained' ? [chained] : apart(chained);
  });
  return [...several, ...[...processors.values()].filter(({ name }) => !members.has(name)).map(topologyOf)];
}

/**
 * Returns a declared topology with its members as they are configured. `wrap` may add to each, such as metrics.
 */
export function configured(
  { name, members, redrives, hopsMax }: Topology,
  needs: Needs,
  wrap: (processor: Processor) => Processor = (processor) => processor,
): Topology {
  const makers: Readonly<Record<string, MakeProcessor>> = processors;
  const made = members.map((member) => wrap(makers[member.name]?.(needs) ?? member));
  return topology({ name, members: made, ...(redrives !== null && { redrives }), hopsMax });
}
