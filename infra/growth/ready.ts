import { isPartitionCount, PARTITIONS_MAX } from '../../schemas/topics.ts';
import { LayoutError } from '../kafka/layout.ts';
import type { Log } from '../kafka/port.ts';
import type { GrowthDependencies } from './dependencies.ts';
import { GrowthError } from './errors.ts';
import { grownTopics } from './grown-topics.ts';
import { type Backlog, backlogOf, groupReader, groupTopics, runningGroups } from './readers.ts';
import { type Growing, type GrowthState, readGrowth } from './state.ts';

const grownNames: ReadonlySet<string> = new Set(grownTopics.map(({ name }) => name));

/** Readers and partitions that an error names. */
const NAMED_MAX = 10;

/**
 * Returns the state of the layout topic, from which a growth to `to` partitions begins or continues. Rejects with NOT_SET_UP,
 * LAYOUT_SWITCHING, GROWTH_OTHER or PARTITIONS_INVALID.
 */
export async function stateToGrow(log: Log, to: number): Promise<GrowthState> {
  const state = await readGrowth(log);
  if (state === null) throw new LayoutError('NOT_SET_UP', 'the log has no topics of the platform; run khipu setup');
  const { partitions, growing, switching } = state.layout;
  if (switching !== null)
    throw new LayoutError('LAYOUT_SWITCHING', `complete khipu topology switch --to ${switching.to} before a growth`);
  if (growing !== null && growing.to !== to)
    throw new GrowthError('GROWTH_OTHER', `a growth to ${growing.to} partitions is under way; complete it first`);
  if (!isPartitionCount(to) || to <= partitions)
    throw new GrowthError(
      'PARTITIONS_INVALID',
      `expected a power of two above ${partitions}, the present number of partitions, up to ${PARTITIONS_MAX}; got ${to}`,
    );
  return state;
}

/** Rejects with PLATFORM_RUNNING when a consumer group with members reads one of the topics. Default: those that grow. */
export async function expectStopped(
  { admin, readsOfTools }: Pick<GrowthDependencies, 'admin' | 'readsOfTools'>,
  topics: ReadonlySet<string> = grownNames,
): Promise<void> {
  const running = await runningGroups(admin, topics, readsOfTools);
  if (running.length > 0)
    throw new GrowthError(
      'PLATFORM_RUNNING',
      `these consumer groups have members: ${shortList(running)}; stop the platform and every other reader of its topics`,
    );
}

/** Returns the first step of a growth. Rejects with PLATFORM_RUNNING, and with NOT_DRAINED when a reader is behind. */
export async function firstStep(to: number, log: Log, dependencies: GrowthDependencies): Promise<Growing> {
  await expectStopped(dependencies);
  const grown = (names: readonly string[]): readonly string[] => names.filter((name) => grownNames.has(name));
  // An own group counts with all its inputs, also where the coordinator has forgotten its offsets.
  const own = dependencies.groups.map(({ name, topics: inputs }) => [name, grown(inputs)] as const);
  const groups = { ...(await groupTopics(dependencies.admin, grownNames)), ...Object.fromEntries(own) };
  const backlog = await backlogOf(log, [
    ...Object.entries(groups)
      .filter(([name]) => !dependencies.idleGroups.includes(name))
      .map(([name, read]) => groupReader(log, name, read)),
    ...dependencies.views.map((view) => ({ ...view, topics: grown(view.topics) })),
  ]);
  if (backlog.length > 0) throw new GrowthError('NOT_DRAINED', backlogText(backlog));
  return { to, step: 'begun', ends: {}, lows: {}, groups };
}

const backlogText = (backlog: readonly Backlog[]): string => {
  const places = backlog.map(
    ({ reader, topic, partition, records }) => `${reader}: ${records} of ${topic}/${partition}`,
  );
  return (
    `readers have records to read (${shortList(places)}). Run the platform without new requests until they have read all, ` +
    'then stop it. Delete consumer groups that are not used any more'
  );
};

const shortList = (texts: readonly string[]): string =>
  texts.slice(0, NAMED_MAX).join(', ') + (texts.length > NAMED_MAX ? ` and ${texts.length - NAMED_MAX} more` : '');
