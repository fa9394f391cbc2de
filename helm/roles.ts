/**
 * The roles of the chart, from the declarations: one Deployment each. What a role reads is written down here once, so that
 * a pod gets, and restarts for, nothing else.
 */

import { gatewayNames } from '../gateways/app.ts';
import { bindings } from '../infra/bin/bindings.ts';
import { grantsOfRoles, principalOf } from '../infra/bin/roles/grants.ts';
import { type Registered, registered, streamNames, workerNames } from '../infra/bin/roles/names.ts';
import { variables } from '../infra/config.ts';
import type { Grant } from '../infra/kafka/acl/grant.ts';
import { keyFiles } from '../infra/security/key-paths.ts';
import { allCaches, allProjections } from '../projections/all.ts';
import { allTopics } from '../schemas/topics.ts';
import { declaredTopologies } from '../streams/all.ts';

export type RoleKind = 'gateway' | 'topology' | 'observer' | 'operator' | 'worker' | 'projection';

/** Stores, and the outside world. Every role reaches Kafka and the registry. */
export type Reach = 'postgres' | 'redis' | 'outside';

/** A Deployment of the chart. */
export interface ChartRole {
  /** As in ACLs: the principal is `khipu-<name>`. */
  readonly name: string;
  readonly kind: RoleKind;
  /** Arguments of `khipu`. */
  readonly args: readonly string[];
  /** Default bound of the heap, MB. */
  readonly heapMb: number;
  /** PromQL selector of its gauge of lag; null for a role that scales by processor time. */
  readonly lag: string | null;
  /** False when its inputs have one partition: a second process only waits. */
  readonly isPartitioned: boolean;
  /** Setting without which it is not deployed; null when it always is. */
  readonly runsWith: string | null;
  readonly reaches: readonly Reach[];
  /** Key files that it reads in production. */
  readonly keys: readonly string[];
}

const { jwt, constitution, apiKeys } = keyFiles;

/** Roles that verify signatures of constitutions or manifests, and the gateway, which signs tokens. */
const keysOf: Readonly<Record<string, readonly string[]>> = {
  gateway: [jwt, apiKeys],
  core: [constitution],
  constitution: [constitution],
  'tool-registry': [constitution],
  slm: [constitution],
  'tool-worker': [constitution],
  setup: [constitution],
};

const lagOf = (name: string): string => `khipu_lag_records{processor="${name}"}`;

/** Returns true when an input has the partitions of the platform. */
const isPartitioned = (inputs: readonly { readonly name: string }[]): boolean =>
  inputs.some(({ name }) => allTopics.find((topic) => topic.name === name)?.spread !== 'single');

/** Returns the roles of a release in the layout `chained`, in the order of their declaration. */
export function chartRoles(from: Registered = registered): readonly ChartRole[] {
  const topologies = new Map(declaredTopologies('chained', from).map((each) => [each.name, each]));
  const role = (
    fields: Pick<ChartRole, 'name' | 'kind' | 'args' | 'heapMb'> & Partial<Omit<ChartRole, 'keys'>>,
  ): ChartRole => ({
    ...{ lag: lagOf(fields.name), isPartitioned: true, runsWith: null, reaches: [], keys: keysOf[fields.name] ?? [] },
    ...fields,
  });
  return [
    role({
      ...{ name: 'gateway', kind: 'gateway', args: ['run', 'gateway', ...gatewayNames], heapMb: 256, lag: null },
      reaches: ['postgres', 'redis', 'outside'],
    }),
    ...streamNames('chained', from).map((name) => {
      const topology = topologies.get(name);
      const kind = topology ? 'topology' : Object.hasOwn(from.observers, name) ? 'observer' : 'operator';
      return role({
        ...{ name, kind, args: ['run', 'stream', name] },
        heapMb: from.bindings[name]?.heapMb ?? (topology && topology.members.length > 1 ? 256 : 128),
        isPartitioned: isPartitioned(topology?.external ?? from.workers[name]?.inputs ?? allTopics),
      });
    }),
    ...workerNames(from).map((name) =>
      role({
        ...{ name, kind: 'worker', args: ['run', 'worker', name], heapMb: from.bindings[name]?.heapMb ?? 128 },
        ...{ runsWith: from.bindings[name]?.runsWith ?? null, reaches: from.bindings[name]?.reaches ?? [] },
        isPartitioned: isPartitioned(from.workers[name]?.inputs ?? []),
      }),
    ),
    role({
      ...{ name: 'projection', kind: 'projection', args: ['run', 'projection', 'all'], heapMb: 256 },
      ...{ lag: 'khipu_projection_lag_records', reaches: ['postgres', 'redis'] },
    }),
  ];
}

/** Names of every read model, for groups of projections. */
export const viewNames: readonly string[] = [...allProjections, ...allCaches].map(({ name }) => name);

/** Settings that a few roles read; every role gets the others. */
const readers: readonly (readonly [pattern: string, roles: readonly string[]])[] = [
  // The first pattern that matches counts: a secret goes to the processes that use it alone.
  ['^KHIPU_SLM_API_KEY', ['slm']],
  ['^KHIPU_POLICY_ENGINE_TOKEN$', ['policy-engine']],
  ['^KHIPU_MODERATION_TOKEN$', ['classifier', 'slm']],
  ['^KHIPU_(HTTP|PUBLIC_URL|CORS|CONSOLE|TOKEN|IDENTITY|OUTCOME|RATE|FILE)', ['gateway']],
  ['^KHIPU_SLM_', ['gateway', 'core', 'slm']],
  ['^KHIPU_POLICY_ENGINE_', ['core', 'policy-engine']],
  ['^KHIPU_MODERATION_', ['core', 'classifier', 'slm']],
  ['^KHIPU_APPROVALS_', ['approval-notifier']],
  ['^KHIPU_KILL_SWITCH_', ['kill-switch']],
  ['^KHIPU_(CONSTITUTION|CEDAR)_', ['constitution', 'core', 'slm', 'tool-worker', 'setup']],
  ['^KHIPU_(TOOL|SOMABRAIN)_', ['tool-worker']],
  ['^KHIPU_EGRESS_', ['tool-worker', 'approval-notifier']],
  ['^KHIPU_MEMORY_', ['gateway', 'projection', 'tool-worker', 'turn-recall', 'job-runner']],
  ['^KHIPU_(PARTITIONS|LAYOUT)$', ['setup']],
];

/** Returns the roles that read a setting; null for all. */
export const readersOf = (setting: string): readonly string[] | null =>
  readers.find(([pattern]) => new RegExp(pattern).test(setting))?.[1] ?? null;

/** Set by the chart itself, from the values of its parts. */
const BY_CHART =
  /^(KAFKA_|SCHEMA_|OTEL_EXPORTER_OTLP_HEADERS$|DATABASE_|REDIS_|KHIPU_(HOME|KEYS_DIR|ADMIN_(HOST|PORT)|HTTP_(HOST|PORT|TLS_\w+)|MODE|CONSOLE_DIR|LAYOUT|PARTITIONS|PUBLIC_URL|SLM_PROVIDERS(_FILE)?)$)/;
/** Comes from a Secret, never from values. */
const SECRET = /_(TOKEN|SECRET|PASSWORD|KEY)$/;

/** Names that `settings` of the chart takes: the variables of the platform without those of its parts and without secrets. */
export const settingNames: readonly string[] = Object.keys(variables.shape).filter(
  (name) => !BY_CHART.test(name) && !SECRET.test(name),
);

/** Secrets of the platform, which `secretSettings` of the chart takes from a Secret by name and key. */
export const secretNames: readonly string[] = Object.keys(variables.shape).filter(
  (name) => SECRET.test(name) && !BY_CHART.test(name),
);

const strimziOf = {
  topic: 'topic',
  group: 'group',
  'transactional-id': 'transactionalId',
  cluster: 'cluster',
} as const;
const patternOf = { literal: 'literal', prefixed: 'prefix' } as const;

/** An ACL as Strimzi's KafkaUser has it. */
const strimziAcl = ({ resource, name, pattern, operations }: Grant) => ({
  resource: {
    type: strimziOf[resource],
    ...(resource !== 'cluster' && { name, patternType: patternOf[pattern] }),
  },
  operations,
});

/** Returns the ACLs of each role, for the KafkaUsers of a Strimzi cluster. Operators have a login of their own. */
export function strimziUsers(from: Registered = registered): Readonly<Record<string, readonly object[]>> {
  const byPrincipal = Map.groupBy(grantsOfRoles(from), ({ principal }) => principal);
  const names = [...chartRoles(from).map(({ name }) => name), 'setup', 'operator'];
  return Object.fromEntries(names.map((name) => [name, (byPrincipal.get(principalOf(name)) ?? []).map(strimziAcl)]));
}

/** The content of `files/roles.yaml`. */
export const rolesFile = (from: Registered = registered) => ({
  roles: chartRoles(from),
  setup: { keys: keysOf['setup'] },
  views: viewNames,
  readers: readers.map(([pattern, roles]) => ({ pattern, roles })),
});

// A worker's reach is declared with its binding; the type keeps both together.
bindings satisfies Readonly<Record<string, { readonly reaches?: readonly Reach[] }>>;
