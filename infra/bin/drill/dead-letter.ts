import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '../../../schemas/topics.ts';
import type { Log } from '../../kafka/port.ts';
import type { DeadLetter } from '../../runner/dead-letters/letter.ts';
import { listDeadLetters } from '../../runner/dead-letters/select.ts';
import { failure } from '../failure.ts';

const WAIT_MS = 30_000;

/**
 * Appends a record that no reader can decode to `sessions.commands`, and resolves with its dead letter. It belongs to no
 * session, so it affects no work. Rejects with DRILL_FAILED when there is none after 30 s.
 */
export async function makeDeadLetter(log: Log, waitMs = WAIT_MS): Promise<DeadLetter> {
  const topic = topics.sessionsCommands.name;
  const key = `drill-${randomUUID()}`;
  const appender = await log.appender();
  await appender.append([{ topic, partition: null, key, headers: {}, value: Buffer.from('a drill, not a record') }]);
  await appender.close();
  for (const deadline = Date.now() + waitMs; ; await sleep(200)) {
    const [letter] = await listDeadLetters(log, { topic, key });
    if (letter !== undefined) return letter;
    if (Date.now() > deadline)
      throw failure('DRILL_FAILED', `no dead letter of ${topic} in ${waitMs / 1_000} s; is its processor running?`);
  }
}
