import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from '../../../infra/stores/postgres/client.ts';
import { PARTITIONS_DEFAULT } from '../../../schemas/topics.ts';
import { type GroupName, tally } from '../subject/topology.ts';
import type { Message } from '../wire/proxy.ts';
import { apis, transactionalIdOf } from '../wire/wire.ts';

/** Latest progress of each partition, by group: a commit seen on the wire, or an offset in Postgres. */
export class GroupProgress {
  readonly #movedMs = new Map<string, number>();
  readonly #ending = new Map<string, string>();
  readonly #offsets = new Map<string, number>();

  /** Notes committed transactions, by the task that their id names. */
  seen({ side, head, frame, connection }: Message): void {
    if (head.api !== apis.endTxn) return;
    const request = `${connection} ${head.correlationId}`;
    if (side === 'request') {
      // `committed` is the last byte of the body; flexible versions append an empty list of tags.
      const commits = frame[frame.length - (head.version >= 3 ? 2 : 1)] === 1;
      const id = transactionalIdOf(frame, head.client);
      if (commits && id !== null) this.#ending.set(request, id.replace(/^khipu\.|-\d$/g, ''));
      return;
    }
    const task = this.#ending.get(request);
    this.#ending.delete(request);
    if (task !== undefined) this.#movedMs.set(task, Date.now());
  }

  async look(sql: Sql): Promise<void> {
    const rows = await sql<{ place: string; next: number }[]>`
      SELECT topic || '.' || partition AS place, next_offset::float8 AS next FROM khipu.projection_offsets
      WHERE view = ${tally.name}`;
    for (const { place, next } of rows) {
      if (this.#offsets.get(place) === next) continue;
      this.#offsets.set(place, next);
      this.#movedMs.set(`tally.${place}`, Date.now());
    }
  }

  /** Returns true when every partition of the group has progressed since `sinceMs`. */
  hasMoved(group: GroupName, sinceMs: number): boolean {
    return placesOf(group).every((place) => (this.#movedMs.get(place) ?? 0) > sinceMs);
  }

  /**
   * Returns the time at which the last of the group's partitions progressed; null when one did not within `timeoutMs`.
   */
  async untilMoved(group: GroupName, sinceMs: number, timeoutMs: number): Promise<number | null> {
    const until = Date.now() + timeoutMs;
    while (!this.hasMoved(group, sinceMs)) {
      if (Date.now() > until) return null;
      await sleep(20);
    }
    return Date.now();
  }
}

function placesOf(group: GroupName): readonly string[] {
  const partitions = Array.from({ length: PARTITIONS_DEFAULT }, (_, partition) => partition);
  if (group !== 'tally') return partitions.map((partition) => `${group}.${partition}`);
  return tally.inputs.flatMap(({ name }) => partitions.map((partition) => `tally.${name}.${partition}`));
}
