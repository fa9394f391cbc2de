import Broker, { type FetchedPartition } from 'kafkajs/src/broker/index.js';
import { AbortedTransactions, isAbortMarker } from '../aborted-transactions.ts';

const original = Broker.prototype.fetch;

/**
 * Patches kafkajs 2.2, whose filter of aborted transactions shows records of them: it expects the transactions in the
 * order in which they began, while the broker lists them in the order in which they were aborted, and it begins at most
 * one of them at each record. So it failed where transactions of several producers overlap in one partition. With the
 * patch, aborted records are left out as in the Java client, and kafkajs has nothing left to filter.
 */
export function leaveOutAbortedRecords(): void {
  if (Broker.prototype.fetch !== original) return;
  Broker.prototype.fetch = async function fetchCommitted(request) {
    const answer = await original.call(this, request);
    for (const { partitions } of answer.responses) for (const partition of partitions) hideAborted(partition);
    return answer;
  };
}

/**
 * Marks the records of aborted transactions as control records: kafkajs then passes over them, and their offsets still
 * count.
 */
export function hideAborted(partition: FetchedPartition): void {
  const { abortedTransactions: named, messages } = partition;
  if (named === undefined || named === null || named.length === 0) return;
  const aborted = new AbortedTransactions(
    named.map(({ producerId, firstOffset }) => ({ producerId, firstOffset: Number(firstOffset) })),
  );
  partition.abortedTransactions = [];
  for (const message of messages) {
    aborted.passTo(Number(message.offset));
    const { producerId, inTransaction } = message.batchContext ?? {};
    if (producerId === undefined) continue;
    if (message.isControlRecord) {
      if (isAbortMarker(message.key)) aborted.end(producerId);
    } else if (inTransaction === true && aborted.has(producerId)) message.isControlRecord = true;
  }
}
