import { allTopics, writtenBy } from '../../../schemas/topics.ts';
import { declare } from '../../shared/route/declare.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { PlatformActivity } from './activity.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { activityBody, topologyBody } from './schemas.ts';

type OperationServices = Pick<GatewayServices, 'platform' | 'log' | 'readModel'>;

const { endpoint } = declare<OperationServices>();

/** Capability of everything that is shown of the platform itself. */
const READ = 'operations:read';

const outcomesOfGateways = allTopics
  .filter(({ kind }) => kind === 'events' || kind === 'decisions')
  .map(({ name }) => name);

const getTopology = endpoint({
  operationId: 'getTopology',
  tag: 'operations',
  summary: 'Get the declared topics, and what reads and writes them',
  url: '/v1/topology',
  takes: READ,
  response: topologyBody,
  answer: ({ services: { platform } }) => ({
    topics: allTopics.map(({ name, kind, context, doc, records }) => ({
      ...{ name, kind, context, doc },
      records: Object.keys(records),
    })),
    readers: [
      {
        ...{ name: 'gateway', kind: 'gateway' as const, topology: null },
        ...{ reads: [...outcomesOfGateways], writes: [...writtenBy('gateway')] },
      },
      ...platform.readers.map(({ reads, writes, ...reader }) => ({
        ...reader,
        reads: [...reads],
        writes: [...writes],
      })),
    ],
  }),
});

/** Route of the activity. Its callers share one look at the log. */
const getActivity: Route<OperationServices> = {
  outcomes: [],
  follows: [],
  register(app, services) {
    const activity = new PlatformActivity(services);
    endpoint({
      operationId: 'getActivity',
      tag: 'operations',
      summary: 'Get the rate of each topic, and the lag of each processor and read model',
      description: 'At most 2 s old, however many callers ask. The first look takes a second.',
      url: '/v1/topology/activity',
      takes: READ,
      response: activityBody,
      problems: ['READ_MODEL_UNAVAILABLE'],
      answer: async () => {
        const { atMs, watchedMs, topics, readers } = await activity.read();
        return {
          ...{ at: new Date(atMs).toISOString(), watched_ms: watchedMs },
          topics: topics.map(({ offsetsPerSecond, ...topic }) => ({ ...topic, offsets_per_second: offsetsPerSecond })),
          readers: readers.map(({ name, kind, processes, partitions }) => ({
            ...{ name, kind, lag: partitions.reduce((sum, { lag }) => sum + lag, 0) },
            processes: processes.map(({ host, startedMs, restarts, partitions: held }) => ({
              ...{ host, restarts, partitions: [...held] },
              started_at: startedMs === null ? null : new Date(startedMs).toISOString(),
            })),
            partitions: partitions.map(({ offset, ...each }) => ({ ...each, position: offset })),
          })),
        };
      },
    }).register(app, services);
  },
};

/** Routes of the platform itself: what is declared, and what happens. */
export const operationsRoutes = [getTopology, getActivity, ...deadLetterRoutes];
