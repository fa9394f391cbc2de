import { z } from 'zod';
import type { GroupMember } from './port.ts';

/** What a member says of itself to the coordinator. */
export type MemberStart = Readonly<Record<'startedMs' | 'restarts', number>>;

const subscribed = z.object({ started_ms: z.int().nonnegative(), restarts: z.int().nonnegative() });

const unknown = { startedMs: null, restarts: null };

/** Counts the joins of a process to each group: a group that is joined again after the first time was restarted. */
export class MemberStarts {
  readonly #startedMs: number;
  readonly #joins = new Map<string, number>();

  /** By default the process started when this one did. */
  constructor(startedMs: number = performance.timeOrigin) {
    this.#startedMs = Math.round(startedMs);
  }

  /** Returns what the member says of a join that begins now. */
  next(group: string): MemberStart {
    const restarts = this.#joins.get(group) ?? 0;
    this.#joins.set(group, restarts + 1);
    return { startedMs: this.#startedMs, restarts };
  }
}

/** Encodes a start as the user data of a subscription (KIP-62), in JSON: the coordinator shows it to tools. */
export const encodeStart = ({ startedMs, restarts }: MemberStart): Buffer =>
  Buffer.from(JSON.stringify({ started_ms: startedMs, restarts } satisfies z.infer<typeof subscribed>));

/** Decodes the start in user data; both are null in the data of another client. */
export function decodeStart(userData: Buffer | null | undefined): Pick<GroupMember, 'startedMs' | 'restarts'> {
  if (!userData?.length) return unknown;
  try {
    const { started_ms: startedMs, restarts } = subscribed.parse(JSON.parse(userData.toString()));
    return { startedMs, restarts };
  } catch {
    return unknown;
  }
}

/** Returns the sorted partition numbers of an assignment, whatever their topics. */
export const partitionsIn = (byTopic: Iterable<readonly number[]>): readonly number[] =>
  [...new Set([...byTopic].flat())].sort((one, other) => one - other);
