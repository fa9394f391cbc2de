import { describe } from 'vitest';
import { describeAppends } from './appends-contract.ts';
import { describeGroups } from './groups-contract.ts';
import { describeReading } from './reading-contract.ts';
import type { MakeLog } from './testing.ts';
import { describeTopics } from './topics-contract.ts';
import { describeTransactions } from './transactions-contract.ts';

/**
 * Declares the tests that every implementation of the log port must pass, so that results on the memory log hold for
 * Kafka.
 */
export function describeLogContract(name: string, makeLog: MakeLog): void {
  describe(`the log contract: ${name}`, () => {
    describeAppends(makeLog);
    describeTransactions(makeLog);
    describeGroups(makeLog);
    describeReading(makeLog);
    describeTopics(makeLog);
  });
}
