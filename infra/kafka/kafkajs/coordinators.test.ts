import Cluster, { type Broker } from 'kafkajs/src/cluster/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { rememberCoordinators } from './coordinators.ts';

beforeAll(rememberCoordinators);

const TRANSACTION = { groupId: 'khipu.policy-0-1', coordinatorType: 1 };
const GROUP = { groupId: 'khipu.policy', coordinatorType: 0 };

type Answering = Broker & { endTxn(): Promise<string>; isConnected(): boolean };

/** A kafkajs cluster whose network is these two functions. */
function clusterOf() {
  const asked: string[] = [];
  const network = { coordinator: '1', fails: false };
  const cluster = Object.assign(Object.create(Cluster.prototype) as Cluster, {
    retrier: (attempt: (bail: (error: unknown) => never) => unknown) =>
      attempt((error) => {
        throw error;
      }),
    findGroupCoordinatorMetadata: async ({ groupId }: { groupId: string }) => {
      asked.push(groupId);
      return { coordinator: { nodeId: network.coordinator } };
    },
    findBroker: async ({ nodeId }: { nodeId: string }) => ({
      nodeId,
      isConnected: () => true,
      endTxn: async () => {
        if (network.fails) throw new Error('NOT_COORDINATOR');
        return `ended by ${nodeId}`;
      },
    }),
  });
  const find = async (question: typeof GROUP) => (await cluster.findGroupCoordinator(question)) as Answering;
  return { asked, network, find };
}

describe('a producer', () => {
  it('looks up the coordinators of its transactions and of its group once each', async () => {
    const { asked, find } = clusterOf();
    for (const question of [TRANSACTION, GROUP, TRANSACTION, GROUP, TRANSACTION]) {
      const broker = await find(question);
      expect([broker.nodeId, broker.isConnected(), await broker.endTxn()]).toEqual(['1', true, 'ended by 1']);
    }
    expect(asked).toEqual([TRANSACTION.groupId, GROUP.groupId]);
  });

  it('looks up a coordinator again after a failed request, and uses the new one', async () => {
    const { asked, network, find } = clusterOf();
    const before = await find(TRANSACTION);
    Object.assign(network, { coordinator: '2', fails: true });
    await expect(before.endTxn()).rejects.toThrow('NOT_COORDINATOR');
    network.fails = false;
    expect(await (await find(TRANSACTION)).endTxn()).toBe('ended by 2');
    expect(asked).toEqual([TRANSACTION.groupId, TRANSACTION.groupId]);
  });
});

describe('a consumer', () => {
  it('looks up its coordinator each time, as kafkajs does', async () => {
    const { asked, find } = clusterOf();
    await find(GROUP);
    await find(GROUP);
    expect(asked).toEqual([GROUP.groupId, GROUP.groupId]);
  });
});
