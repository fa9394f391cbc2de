import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/** Reads and settles dead letters in the name of operators. One request at a time: letters have one settlement. */
export const operations = worker({
  name: 'operations',
  inputs: [topics.operationsCommands],
  outputs: [topics.operationsEvents, topics.operationsAnswers],
  // All settlements in order; questions do not wait for them.
  key: (record) => (record.type === 'SettleDeadLetters' ? 'settle' : record.data.requestId),
  concurrencyMax: 4,
  tenantConcurrencyMax: 4,
  /** A settled letter is not settled twice, so a failed run is repeated. */
  attemptsMax: 3,
  /** A redrive waits ten seconds for the readers of parked keys. */
  deadlineMs: 60_000,
});
