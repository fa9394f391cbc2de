import { PARTITIONS_MAX } from '../../schemas/topics.ts';
import { LOG_BYTES_OF_A_TURN, type LogClient, type Part, RECORDS_OF_A_TURN, turnCosts } from './measured.ts';

/** What a plan is made for. */
export interface CapacityWish {
  readonly turnsPerSecond: number;
  readonly client: LogClient;
  /** Share of a core that a process is planned to use, above 0 and at most 1: the rest takes peaks and takeovers. */
  readonly utilisation: number;
  readonly replicationFactor: number;
  readonly coresPerBroker: number;
  /** Days that the log is kept. */
  readonly retentionDays: number;
  /** Seconds that the model takes for an answer: they decide the calls at the same time, not the processor time here. */
  readonly modelSeconds: number;
  /** Price of an hour of a core, and of a GB of disk a month. Null: no costs in the plan. */
  readonly prices: { readonly coreHour: number; readonly gbMonth: number } | null;
}

/** Processes of one kind, in each cell. */
export interface PlannedRole {
  readonly role: Part;
  readonly processes: number;
  readonly cores: number;
}

/** A plan: cells of the same size, each a platform with a cluster of brokers of its own. */
export interface CapacityPlan {
  /** 1 as long as the partitions of one platform suffice. Tenants are divided among cells. */
  readonly cells: number;
  readonly turnsPerSecondOfCell: number;
  readonly partitions: number;
  readonly roles: readonly PlannedRole[];
  readonly brokers: number;
  readonly callsAtOnce: number;
  readonly perSecond: {
    readonly records: number;
    readonly transactions: number;
    readonly brokerRequests: number;
    /** Written to disks by all brokers, replicas included. */
    readonly diskBytes: number;
  };
  /** Of all brokers of a cell. */
  readonly diskGb: number;
  /** Of a cell: all processes, brokers and Postgres. */
  readonly cores: number;
  /** Of all cells in a month of 730 hours; null without prices. */
  readonly costMonth: number | null;
  /** Sentences on what decides the plan, and on what it assumes. */
  readonly notes: readonly string[];
}

const PARTITIONS_MIN = 4;
/** A broker takes this many bytes a second on usual disks and networks. */
const BROKER_BYTES_PER_SECOND = 100_000_000;
/** Processor time that a follower takes of what its leader takes. An assumption: measured with one broker alone. */
const FOLLOWER_SHARE = 0.35;
/** No role runs alone: the other takes over. */
const PROCESSES_MIN = 2;
const HOURS_OF_MONTH = 730;
const GB = 1e9;

const processRoles: readonly Part[] = ['gateway', 'core', 'model worker', 'projections'];
const ceil = (value: number): number => Math.ceil(Number(value.toFixed(9)));
const powerOfTwoFrom = (least: number): number => 2 ** Math.ceil(Math.log2(Math.max(least, 1)));

/**
 * Returns how many partitions, processes, brokers and disks a rate of turns needs, from the measured costs of a turn. A
 * partition of a topology is read by one process, so a cell has at most 256 core processes; beyond, the plan has further
 * cells. A process uses one core at most: its JavaScript runs on one thread. The numbers of a wish are positive.
 */
export function planCapacity(wish: CapacityWish): CapacityPlan {
  const { turnsPerSecond, client, utilisation, replicationFactor } = wish;
  const costs = turnCosts[client];
  const coresOf = (part: Part, rate: number): number => (rate * costs.cpuMs[part]) / 1_000;
  const processesOf = (part: Part, rate: number): number =>
    Math.max(PROCESSES_MIN, ceil(coresOf(part, rate) / utilisation));
  const read: readonly Part[] = ['core', 'model worker', 'projections'];
  const mostOf = (rate: number): number => Math.max(...read.map((part) => coresOf(part, rate) / utilisation));
  const cells = Math.max(1, ceil(mostOf(turnsPerSecond) / PARTITIONS_MAX));
  const rate = turnsPerSecond / cells;
  const partitions = Math.max(PARTITIONS_MIN, powerOfTwoFrom(Math.max(...read.map((part) => processesOf(part, rate)))));
  const roles = processRoles.map((role) => ({
    ...{ role, processes: processesOf(role, rate), cores: coresOf(role, rate) },
  }));
  const diskBytes = rate * LOG_BYTES_OF_A_TURN * replicationFactor;
  const brokerCores = coresOf('brokers', rate) * (1 + FOLLOWER_SHARE * (replicationFactor - 1));
  const byCores = ceil(brokerCores / (wish.coresPerBroker * utilisation));
  const byBytes = ceil(diskBytes / BROKER_BYTES_PER_SECOND);
  const brokers = Math.max(replicationFactor, byCores, byBytes);
  const diskGb = (diskBytes * wish.retentionDays * 86_400) / GB;
  const cores =
    roles.reduce((sum, role) => sum + Math.max(role.cores / utilisation, role.processes * 0.1), 0) +
    brokers * wish.coresPerBroker +
    ceil(coresOf('Postgres', rate) / utilisation);
  const { prices } = wish;
  const costMonth =
    prices === null ? null : cells * (cores * prices.coreHour * HOURS_OF_MONTH + diskGb * prices.gbMonth);
  return {
    ...{ cells, turnsPerSecondOfCell: rate, partitions, roles, brokers, diskGb, cores, costMonth },
    callsAtOnce: ceil(rate * wish.modelSeconds),
    perSecond: {
      records: rate * RECORDS_OF_A_TURN,
      ...{ transactions: rate * costs.transactions, brokerRequests: rate * costs.brokerRequests, diskBytes },
    },
    notes: notesOf({ cells, byCores, byBytes, brokers, replicationFactor }),
  };
}

function notesOf(plan: {
  readonly cells: number;
  readonly byCores: number;
  readonly byBytes: number;
  readonly brokers: number;
  readonly replicationFactor: number;
}): readonly string[] {
  const brokers =
    plan.brokers === plan.replicationFactor
      ? 'the replication factor decides the number of brokers'
      : plan.byCores >= plan.byBytes
        ? 'the processor time of the brokers decides their number'
        : 'the bytes that brokers write decide their number';
  return [
    ...(plan.cells > 1
      ? [`a topology has at most ${PARTITIONS_MAX} partitions: tenants are divided among ${plan.cells} platforms`]
      : []),
    brokers,
    `a follower is assumed to take ${FOLLOWER_SHARE * 100} % of the processor time of its leader; costs were measured with one broker`,
    'servers of models are not part of the plan; agents, tools and jobs cost what their records cost, and are not turns',
  ];
}
