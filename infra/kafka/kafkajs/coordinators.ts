import Cluster, { type Broker } from 'kafkajs/src/cluster/index.js';

/** `coordinator_type` of FindCoordinator for a transactional id (KIP-98). */
const TRANSACTION = 1;

const remembered = new WeakMap<Cluster, Map<string, string>>();

/**
 * Patches kafkajs 2.2, which looks up the coordinator of a transaction before each of its steps: about five FindCoordinator
 * requests per transaction in addition to the five that it needs. With the patch, a cluster that has looked up a
 * transaction's coordinator (one cluster is one producer) caches it, and that of its consumer group, until a request to a
 * coordinator fails.
 *
 * The Java client does the same (TransactionManager.lookupCoordinator). The clusters of consumers are not changed.
 */
export function rememberCoordinators(): void {
  if (Cluster.prototype.findGroupCoordinator !== original) return;
  Cluster.prototype.findGroupCoordinator = async function findRemembered(question) {
    const { groupId, coordinatorType = 0 } = question;
    const known = remembered.get(this) ?? new Map<string, string>();
    if (coordinatorType === TRANSACTION) remembered.set(this, known);
    else if (!remembered.has(this)) return original.call(this, question);
    const name = `${coordinatorType} ${groupId}`;
    const nodeId = known.get(name);
    const broker = await (nodeId === undefined
      ? original.call(this, question)
      : this.findBroker({ nodeId }).catch(() => original.call(this, question)));
    known.set(name, broker.nodeId);
    return forgetting(broker, () => known.delete(name));
  };
}

const original = Cluster.prototype.findGroupCoordinator;

/** Returns the broker with methods that clear the cached coordinator when a request fails. */
const forgetting = (broker: Broker, forget: () => void): Broker =>
  new Proxy(broker, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        const answer: unknown = member.apply(target, parameters);
        if (answer instanceof Promise) answer.catch(forget);
        return answer;
      };
    },
  });
