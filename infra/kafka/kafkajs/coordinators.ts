import Cluster, { type Broker } from 'kafkajs/src/cluster/index.js';

/** `coordinator_type` of FindCoordinator for a transactional id (KIP-98). */
const TRANSACTION = 1;

const remembered = new WeakMap<Cluster, Map<string, string>>();

/**
 * kafkajs 2.2 asks which broker coordinates a transaction before each step of it: about five FindCoordinator requests a
 * transaction beside the five that it needs. From here on a cluster that has asked for a transaction's coordinator (one
 * cluster is one producer) remembers it, and that of its consumer group, until a request to a coordinator fails.
 *
 * The Java client does the same (TransactionManager.lookupCoordinator). Consumers' clusters are left as they are.
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

/** The broker itself, except that a failed request makes the next step ask anew. */
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
