import { weightOf } from '../../../schemas/contexts/identity/directory.ts';
import type { AnyTable, TablesOf } from '../../../streams/kernel.ts';
import { anomalySettings } from '../../../streams/tables/anomaly-settings.ts';
import { capsuleInstalls, capsules } from '../../../streams/tables/capsules.ts';
import { constitutionTable, type VerifyConstitution } from '../../../streams/tables/constitution-in-force.ts';
import { constitutions } from '../../../streams/tables/constitutions.ts';
import { directory, tenants } from '../../../streams/tables/directory.ts';
import { goldenSets } from '../../../streams/tables/golden-sets.ts';
import { jobTypes } from '../../../streams/tables/job-types.ts';
import { killSwitches } from '../../../streams/tables/kill-switches.ts';
import { personas } from '../../../streams/tables/personas.ts';
import { prices } from '../../../streams/tables/prices.ts';
import { revocations } from '../../../streams/tables/revocations.ts';
import { tools } from '../../../streams/tables/tools.ts';
import { type FollowedTable, TableFollower, type TableFollowerParts } from './follower.ts';

/**
 * The tables that a gateway follows. A table added here is followed, granted read access, included in readiness, and
 * closed.
 */
export const gatewayTables = {
  killSwitches,
  revocations,
  tenants,
  directory,
  constitutions,
  personas,
  jobTypes,
  tools,
  prices,
  anomalySettings,
  capsules,
  capsuleInstalls,
  goldenSets,
} as const;

/** The tables that a worker process follows. */
export const workerTables = { killSwitches, tenants } as const;

/** Returns the table that a process with models or tools follows besides: `verify` checks signatures, and needs keys. */
export const modelTables = (verify: VerifyConstitution) => ({ constitution: constitutionTable(verify) });

/** The tables that a process with jobs follows besides. */
export const jobRunnerTables = { jobTypes } as const;

/** The tables that the worker which follows changes has besides. */
export const watcherTables = { goldenSets, personas } as const;

type TableMap = Readonly<Record<string, AnyTable>> & { readonly health?: never; readonly close?: never };

/** A map of followed tables with their health checks. */
export type FollowedTables<Tables extends TableMap> = {
  readonly [Name in keyof Tables]: FollowedTable<TablesOf<Tables>[Name]>;
} & {
  /** Returns one health check per table, by its name in snake_case: it passes while the table is followed. */
  health(): Readonly<Record<string, () => Promise<{ readonly ok: boolean; readonly detail: string }>>>;
  close(): Promise<void>;
};

export type GatewayTables = FollowedTables<typeof gatewayTables>;
export type WorkerTables = FollowedTables<typeof workerTables>;

/** Returns the weights of tenants, now: those of the table that the process of a worker follows, and 1 before it was read. */
export const weighing =
  ({ tenants: followed }: Pick<WorkerTables, 'tenants'>) =>
  (tenant: string): number =>
    weightOf(followed.value, tenant);

/** Follows every table of a map until closed, each independently. */
export function followTables<const Tables extends TableMap>(
  tables: Tables,
  parts: TableFollowerParts,
): FollowedTables<Tables> {
  const followed = Object.entries(tables).map(([name, table]) => ({
    name,
    part: table.name.replaceAll('-', '_'),
    follower: new TableFollower(table, parts),
  }));
  const checkOf = (follower: TableFollower<unknown>) => async () =>
    follower.following ? { ok: true, detail: 'followed' } : { ok: false, detail: 'not read from the log' };
  return {
    ...Object.fromEntries(followed.map(({ name, follower }) => [name, follower])),
    health: () => Object.fromEntries(followed.map(({ part, follower }) => [part, checkOf(follower)])),
    close: async () => void (await Promise.all(followed.map(({ follower }) => follower.close()))),
  } as unknown as FollowedTables<Tables>;
}
