import type { Position } from '../kafka/port.ts';
import { type Backoff, pauseMs } from '../kit/backoff.ts';
import type { AnySql } from '../stores/postgres/client.ts';

const POLL: Backoff = { firstMs: 5, maxMs: 50 };

/**
 * Resolves with true as soon as readers of the view see the record at `position`, and with false when they do not see it
 * within `timeoutMs`, or never will because the view does not read that topic. Rejects when the database does not answer.
 */
export async function waitForPosition(
  sql: AnySql,
  view: string,
  { topic, partition, offset }: Position,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (let polls = 1; ; polls += 1) {
    const [row] = await sql<{ reached: boolean }[]>`
      SELECT next_offset > ${offset}::bigint AS reached FROM khipu.projection_positions
      WHERE view = ${view} AND topic = ${topic} AND partition = ${partition}::bigint`;
    if (row?.reached === true) return true;
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) return false;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs(polls, POLL), leftMs)));
  }
}
