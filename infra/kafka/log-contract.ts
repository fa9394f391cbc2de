import { describe } from 'vitest';
import { describeAppends } from './contract/appends-contract.ts';
import { describeGroups } from './contract/groups-contract.ts';
import { describeReading } from './contract/reading-contract.ts';
import type { MakeLog } from './contract/testing.ts';
import { describeTopics } from './contract/topics-contract.ts';
import { describeTransactions } from './contract/transactions-contract.ts';

/** What every implementation of the log port must do. One suite, so that a test on the memory log says something of Kafka. */
export function describeLogContract(name: string, makeLog: MakeLog): void {
  describe(`the log contract: ${name}`, () => {
    describeAppends(makeLog);
    describeTransactions(makeLog);
    describeGroups(makeLog);
    describeReading(makeLog);
    describeTopics(makeLog);
  });
}
