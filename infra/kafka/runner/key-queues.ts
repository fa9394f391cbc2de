import type { AnyRecord } from '../../../streams/kernel.ts';
import type { LogRecord } from '../log.ts';
import { bytesOf } from '../record-size.ts';

/** Records waiting for their key's turn before the partition is paused, each key counted up to KEY_RECORDS_COUNTED. */
const RECORDS_MAX = 1_000;
/** A key with many more records than this pauses nothing for the others: how far it is read ahead, the window bounds. */
const KEY_RECORDS_COUNTED = 16;
const BYTES_MAX = 32 * 1024 * 1024;

/** The records of one key, oldest first. The first is the one that is worked on. */
export interface KeyQueue {
  readonly key: string;
  readonly records: LogRecord[];
  /** Cancels among the records. */
  readonly cancels: { readonly offset: number; readonly record: AnyRecord }[];
  /** Called when a cancel came; ends what runs if it is meant. */
  cancelled: () => void;
}

interface Tenant {
  /** Keys whose first record may be begun, in the order in which they became ready. */
  readonly ready: KeyQueue[];
  busy: number;
}

export interface Limits {
  readonly concurrencyMax: number;
  readonly tenantConcurrencyMax: number;
}

const tenantOf = (record: LogRecord): string => record.headers['ce_tenantid'] ?? '';

/**
 * What waits in one partition: order per key, keys side by side. Tenants take turns, so that one with many keys does not
 * keep the others waiting, and none has more than `tenantConcurrencyMax` keys at work.
 */
export class KeyQueues {
  readonly #limits: Limits;
  readonly #keys = new Map<string, KeyQueue>();
  /** In the order of their turns. Only those with ready keys or keys at work. */
  readonly #tenants = new Map<string, Tenant>();
  #busy = 0;
  #counted = 0;
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Keys at work. */
  get busy(): number {
    return this.#busy;
  }

  get isFull(): boolean {
    return this.#counted >= RECORDS_MAX || this.#bytes >= BYTES_MAX;
  }

  /** Half empty: worth reading on, rather than pausing again at once. */
  get hasRoom(): boolean {
    return this.#counted < RECORDS_MAX / 2 && this.#bytes < BYTES_MAX / 2;
  }

  add(record: LogRecord): KeyQueue {
    const key = record.key ?? '';
    const known = this.#keys.get(key);
    const queue = known ?? { key, records: [], cancels: [], cancelled: () => undefined };
    if (queue.records.length < KEY_RECORDS_COUNTED) this.#counted += 1;
    this.#bytes += bytesOf(record);
    queue.records.push(record);
    if (known === undefined) {
      this.#keys.set(key, queue);
      this.#tenant(record).ready.push(queue);
    }
    return queue;
  }

  /** The next key to work on, of the tenant whose turn it is; undefined while none may be begun. `fits`: its record may. */
  begin(fits: (record: LogRecord) => boolean): KeyQueue | undefined {
    if (this.#busy >= this.#limits.concurrencyMax) return undefined;
    for (const [name, tenant] of this.#tenants) {
      if (tenant.busy >= this.#limits.tenantConcurrencyMax) continue;
      const queue = tenant.ready.find(({ records }) => fits(records[0] as LogRecord));
      if (queue === undefined) continue;
      tenant.ready.splice(tenant.ready.indexOf(queue), 1);
      tenant.busy += 1;
      this.#busy += 1;
      this.#tenants.delete(name);
      this.#tenants.set(name, tenant);
      return queue;
    }
    return undefined;
  }

  /** The first record of the queue is done with. The key goes to the end of its tenant's line. */
  shift(queue: KeyQueue): void {
    const { key, records, cancels } = queue;
    const record = records.shift();
    if (record === undefined) return;
    if (records.length < KEY_RECORDS_COUNTED) this.#counted -= 1;
    this.#bytes -= bytesOf(record);
    while (cancels[0] !== undefined && cancels[0].offset <= record.offset) cancels.shift();
    this.#release(record);
    const next = records[0];
    if (next === undefined) this.#keys.delete(key);
    else this.#tenant(next).ready.push(queue);
  }

  /** The task ended while the key was at work: it is nobody's any more. */
  abort({ records }: KeyQueue): void {
    if (records[0] !== undefined) this.#release(records[0]);
  }

  #tenant(record: LogRecord): Tenant {
    const name = tenantOf(record);
    const tenant = this.#tenants.get(name) ?? { ready: [], busy: 0 };
    this.#tenants.set(name, tenant);
    return tenant;
  }

  #release(record: LogRecord): void {
    const tenant = this.#tenant(record);
    tenant.busy -= 1;
    this.#busy -= 1;
    if (tenant.busy === 0 && tenant.ready.length === 0) this.#tenants.delete(tenantOf(record));
  }
}
