import { cursorInvalid } from '../../../../gateways/shared/paging.ts';
import { Problem } from '../../../../gateways/shared/problems/problem.ts';
import {
  type AuditEntry,
  type BudgetAccountView,
  type ConversationEvent,
  knownOutcome,
  type LedgerReads,
  type MemoryReads,
  type PageRequest,
  type ReadModel,
  type SessionView,
  type StoredEvent,
  type StreamQuery,
} from '../../../../gateways/shared/read-model.ts';
import type { RecordDecoder } from '../../../../infra/kafka/decode.ts';
import type { Log, LogRecord, Position, Reader } from '../../../../infra/kafka/port.ts';
import { allProjections } from '../../../../projections/all.ts';
import { outcomeOf } from '../../../../projections/events/queries.ts';
import { type JobStepRow, jobStepsTable } from '../../../../projections/jobs/projection.ts';
import { foldRows } from '../../../../projections/kernel/fold.ts';
import { legsTable, linesTable } from '../../../../projections/ledger/projection.ts';
import { memoriesTable, supersessionsTable } from '../../../../projections/memory/projection.ts';
import {
  isRecallable,
  type MemoryLinkRow,
  memoryLinksTable,
  memoryRows,
  type SupersessionRow,
} from '../../../../projections/memory/queries.ts';
import {
  afterCursor,
  type Columns,
  type Condition,
  meets,
  pageOfRows,
  type RowQuery,
  type RowReads,
  type RowView,
} from '../../../../projections/rows.ts';
import { CursorError } from '../../../../projections/sql.ts';
import { turns } from '../../../../projections/turns/projection.ts';
import type { TurnView } from '../../../../projections/turns/queries.ts';
import { nothing } from '../../../../schemas/amount.ts';
import { total } from '../../../../schemas/contexts/billing/money.ts';
import { payloadPrefix } from '../../../../schemas/contexts/jobs/payload.ts';
import { fullNames, type RecordName } from '../../../../schemas/generated/records.ts';
import { storedTopics, topics } from '../../../../schemas/topics.ts';

function behindCursor(cursor: string | null): readonly [atMs: number, id: string] {
  try {
    return afterCursor(cursor);
  } catch (cause) {
    throw cause instanceof CursorError ? cursorInvalid(cause) : cause;
  }
}

interface Row {
  readonly tenantId: string;
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/**
 * The read models of a contract test: rows of the real projections in arrays, enough for the queries of routes. Folds and SQL
 * are tested on a real Postgres.
 */
export class MemoryReadModel implements ReadModel {
  readonly #rows: Row[] = [];
  readonly #next = new Map<string, Position>();
  #reader: Reader | undefined;
  /** While true, it answers like an unavailable database. */
  away = false;
  /** While true, it falls behind the log. */
  paused = false;

  async start(log: Log, decoder: RecordDecoder): Promise<void> {
    const read = [...storedTopics, ...allProjections.flatMap(({ inputs }) => inputs)];
    const names = [...new Set(read.map(({ name }) => name))];
    this.#reader = await log.tail({
      topics: names,
      from: 'beginning',
      onCrash: () => undefined,
      onBatch: async (batch) => {
        while (this.paused) await new Promise((resolve) => setTimeout(resolve, 5));
        for (const record of batch.records) await this.#apply(record, decoder);
        this.#next.set(`${batch.topic}/${batch.partition}`, {
          topic: batch.topic,
          partition: batch.partition,
          offset: batch.next,
        });
      },
    });
  }

  async close(): Promise<void> {
    this.paused = false;
    await this.#reader?.close();
  }

  async #apply(record: LogRecord, decoder: RecordDecoder): Promise<void> {
    const { record: decoded, meta } = await decoder.decode(record);
    const projected = { ...meta, headers: record.headers, appendedAtMs: record.timestampMs };
    for (const projection of allProjections)
      if (projection.inputs.some(({ name }) => name === record.topic))
        // As in Postgres, a row is that of the tenant in it: rows of the marketplace are of all tenants.
        for (const { table, row } of projection.apply(decoded, projected))
          this.#rows.push({ tenantId: String(row['tenant_id'] ?? meta.tenantId), table, row });
  }

  #of(tenantId: string, table: string): readonly Readonly<Record<string, unknown>>[] {
    if (this.away) throw new Problem('READ_MODEL_UNAVAILABLE', 'away');
    return this.#rows.filter((row) => row.tenantId === tenantId && row.table === table).map(({ row }) => row);
  }

  async session(tenantId: string, sessionId: string): Promise<SessionView | undefined> {
    const rows = this.#of(tenantId, 'sessions').filter((row) => row['session_id'] === sessionId);
    const folded = Object.assign({}, ...rows.filter((row) => row['status'] !== undefined)) as Record<string, unknown>;
    if (folded['status'] === undefined) return undefined;
    const total = (column: string): number => rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
    return {
      sessionId,
      place: String(folded['place']),
      status: folded['status'] as SessionView['status'],
      principal: String(folded['principal']),
      persona: (folded['persona'] as string) ?? null,
      capabilities: (folded['capabilities'] as string[]) ?? null,
      model: (folded['model'] as string) ?? null,
      metadata: (folded['metadata'] as Record<string, string>) ?? null,
      decision: folded['decision'] as Record<string, unknown>,
      code: (folded['code'] as string) ?? null,
      detail: (folded['detail'] as string) ?? null,
      requestDigest: String(folded['request_digest']),
      turns: total('turns'),
      tokensPrompt: total('tokens_prompt'),
      tokensCompletion: total('tokens_completion'),
      createdAt: new Date(String(folded['created_at'])),
      updatedAt: new Date(String(folded['updated_at'])),
      partition: Number(folded['partition']),
      sessionOffset: Number(folded['session_offset']),
      conversationOffset: null,
    };
  }

  #turns(tenantId: string, sessionId: string): readonly TurnView[] {
    const [table] = turns.tables;
    const rows = this.#of(tenantId, 'turns').filter((row) => row['session_id'] === sessionId);
    const folded = table === undefined ? [] : foldRows(table, rows as Parameters<typeof foldRows>[1]);
    const at = (value: unknown): Date | null => (value == null ? null : new Date(String(value)));
    const text = (value: unknown): string | null => (value == null ? null : String(value));
    const number = (value: unknown): number | null => (value == null ? null : Number(value));
    return folded
      .map((row) => ({
        ...{ sessionId, turnId: String(row['turn_id']), status: row['status'] as TurnView['status'] },
        ...{ prompt: text(row['prompt']), model: text(row['model']), text: text(row['text']), code: text(row['code']) },
        ...{ modelId: text(row['model_id']), finishReason: text(row['finish_reason']), detail: text(row['detail']) },
        ...{ tokensPrompt: number(row['tokens_prompt']), tokensCompletion: number(row['tokens_completion']) },
        ...{ latencyMs: number(row['latency_ms']), decision: (row['decision'] ?? null) as TurnView['decision'] },
        recalled: (row['recalled'] ?? null) as TurnView['recalled'],
        moderation: (row['moderation'] ?? null) as TurnView['moderation'],
        ...{ sequenceFirst: Number(row['sequence_first']), sequenceLast: Number(row['sequence_last']) },
        ...{ queuedAt: at(row['queued_at']), startedAt: at(row['started_at']), endedAt: at(row['ended_at']) },
      }))
      .sort((one, other) => one.sequenceFirst - other.sequenceFirst);
  }

  async sessionDetail(tenantId: string, sessionId: string) {
    const session = await this.session(tenantId, sessionId);
    return session === undefined ? undefined : { session, turns: this.#turns(tenantId, sessionId), usage: [] };
  }

  async sessions(tenantId: string) {
    const ids = new Set(this.#of(tenantId, 'sessions').map((row) => String(row['session_id'])));
    const views = await Promise.all([...ids].map((id) => this.session(tenantId, id)));
    return { items: views.filter((view) => view !== undefined), nextCursor: null };
  }

  async events(tenantId: string, subjectId: string, { limit }: { limit: number }) {
    const rows = this.#of(tenantId, 'events').filter((row) => row['subject_id'] === subjectId);
    return { items: rows.slice(0, limit).map(storedEvent), nextCursor: rows.length > limit ? 'more' : null };
  }

  async outcome(tenantId: string, commandId: string, types: readonly RecordName[]) {
    const names = types.map((type): string => fullNames[type]);
    const found = this.#of(tenantId, 'events')
      .map(storedEvent)
      .find(({ type, metadata }) => metadata['ce_correlationid'] === commandId && names.includes(type));
    return found === undefined ? null : knownOutcome(tenantId, outcomeOf(found));
  }

  async audit() {
    return { items: [] as AuditEntry[], nextCursor: null };
  }

  /** No tenant has a budget here; tests/e2e/governed/budgets.ts tests them. */
  async budget(): Promise<BudgetAccountView> {
    const none = { tokensSpent: 0, costSpent: nothing.cost };
    return { ...none, tokensHeld: 0, costHeld: nothing.cost, requestsOpen: 0, today: none };
  }

  async conversationAfter(tenantId: string, sessionId: string, sequence: number, limit: number) {
    const found = this.#of(tenantId, 'events')
      .filter((row) => row['topic'] === topics.conversationEvents.name && row['subject_id'] === sessionId)
      .map((row): ConversationEvent => ({ ...storedEvent(row), sequence: Number(row['sequence']) }))
      .filter((event) => event.sequence > sequence)
      .sort((a, b) => a.sequence - b.sequence);
    const positions = [...this.#next.values()].filter(({ topic }) => topic === topics.conversationEvents.name);
    return { events: found.slice(0, limit), positions };
  }

  async event(tenantId: string, eventId: string) {
    return this.#stored(tenantId).find((event) => event.eventId === eventId);
  }

  async stream(tenantId: string, { topic, key, afterVersion, limit }: StreamQuery) {
    const found = this.#stored(tenantId).filter((event) => event.topic === topic && event.subjectId === key);
    const positions = [...this.#next.values()].filter((position) => position.topic === topic);
    return { events: found.slice(afterVersion, afterVersion + limit), positions };
  }

  /** Returns the events of a tenant with their versions. */
  #stored(tenantId: string): readonly StoredEvent[] {
    const versions = new Map<string, number>();
    return this.#of(tenantId, 'events').map((row) => {
      const event = storedEvent(row);
      const streamVersion = (versions.get(event.streamId) ?? 0) + 1;
      versions.set(event.streamId, streamVersion);
      return { ...event, streamVersion };
    });
  }

  async jobSteps(tenantId: string, jobId: string, { limit }: PageRequest) {
    const empty = Object.fromEntries(Object.keys(jobStepsTable.columns).map((name) => [name, null]));
    const items = foldRows(jobStepsTable, this.#of(tenantId, jobStepsTable.name))
      .map((row) => ({ ...empty, ...row }) as unknown as JobStepRow)
      .filter((step) => step.job_id === jobId && step.status !== null)
      .sort((a, b) => (a.first_offset ?? 0) - (b.first_offset ?? 0));
    return { items: items.slice(0, limit), nextCursor: items.length > limit ? 'more' : null };
  }

  async jobOutput(tenantId: string, jobId: string, digest: string) {
    const outputs = this.#of(tenantId, jobStepsTable.name).filter((row) => row['job_id'] === jobId);
    const found = outputs.find(({ output }) => String(output).startsWith(payloadPrefix(digest)));
    return found === undefined ? null : String(found['output']);
  }

  readonly memories: MemoryReads = {
    ids: async (tenantId, filter) => {
      const supersessions = foldRows(supersessionsTable, this.#of(tenantId, supersessionsTable.name));
      return this.#folded(tenantId, memoryRows)
        .filter((row) => isRecallable(row, supersessions as unknown as readonly SupersessionRow[], filter))
        .map((row) => row.memory_id);
    },
    vectors: async (tenantId, ids, model) =>
      this.#folded(tenantId, memoryRows)
        .filter((row) => ids.includes(row.memory_id) && row.status === 'kept')
        .map((row) => ({
          memory_id: row.memory_id,
          vector: row.model === model ? (row.vector ?? '') : '',
          text: row.model === model ? '' : (row.text ?? ''),
        })),
    byIds: async (tenantId, ids) => {
      const rows = new Map(this.#folded(tenantId, memoryRows).map((row) => [row.memory_id, row]));
      return ids.flatMap((id) => rows.get(id) ?? []);
    },
    links: async (tenantId, id) =>
      (
        foldRows(memoryLinksTable, this.#of(tenantId, memoryLinksTable.name)) as unknown as readonly MemoryLinkRow[]
      ).filter((link) => link.memory_id === id || link.to_id === id),
    timeAt: async (tenantId, { partition, offset }) => {
      const times = this.#of(tenantId, memoriesTable.name)
        .filter((row) => row['log_partition'] === partition && Number(row['log_offset']) <= offset)
        .map((row) => Date.parse(String(row['remembered_at'])));
      return times.length === 0 ? null : new Date(Math.max(...times));
    },
  };

  /** Folds every leg; that the sums by day give the same is tested on a real Postgres. */
  readonly ledger: LedgerReads = {
    balances: async (tenantId, { account, asOf }) => {
      const legs = foldRows(legsTable, this.#of(tenantId, legsTable.name)) as readonly Readonly<
        Record<string, string>
      >[];
      const counted = legs.filter((leg) => asOf === null || Date.parse(leg['recorded_at'] ?? '') <= asOf.getTime());
      const keys = [...new Set(counted.map((leg) => JSON.stringify([leg['account'], leg['currency']])))].sort();
      return keys.flatMap((key) => {
        const [own = '', currency = ''] = JSON.parse(key) as string[];
        const sumOf = (state: string) =>
          total(
            counted
              .filter((leg) => leg['account'] === own && leg['currency'] === currency && leg['state'] === state)
              .map((leg) => leg['amount'] ?? '0'),
          );
        const balance = { account: own, currency, posted: sumOf('posted'), pending: sumOf('pending') };
        return account === null || account === own ? [balance] : [];
      });
    },
    lines: async (tenantId, { from, until }) =>
      (foldRows(linesTable, this.#of(tenantId, linesTable.name)) as readonly Readonly<Record<string, unknown>>[])
        .filter((line) => {
          const at = Date.parse(String(line['recorded_at']));
          return at >= from.getTime() && at < until.getTime();
        })
        .map((line) => ({
          ...{
            day: String(line['used_at']).slice(0, 10),
            meter: String(line['meter']),
            resource: String(line['resource']),
          },
          ...{ unitPrice: (line['unit_price'] ?? null) as string | null, priceVersion: Number(line['price_version']) },
          ...{ currency: String(line['currency']), quantity: Number(line['quantity']), amount: String(line['amount']) },
          transactions: 1,
        })),
    timeAt: async () => null,
  };

  /** Sums by SQL alone; tests/e2e/governed tests them. */
  async usage() {
    return [];
  }

  async figures() {
    return [];
  }

  async anomalyHours() {
    return [];
  }

  async row<C extends Columns>(tenantId: string, reads: RowReads<C>, id: string) {
    return this.#folded(tenantId, reads).find((row) => row[reads.id] === id);
  }

  async rows<C extends Columns>(tenantId: string, reads: RowReads<C>, page: RowQuery<C>) {
    const { id, newestBy } = reads;
    const [before, last] = behindCursor(page.cursor);
    const sortKey = (row: RowView<C>) => `${Date.parse(String(row[newestBy])).toString().padStart(15, '0')} ${row[id]}`;
    const behind = `${String(before).padStart(15, '0')} ${last}`;
    const where = (page.where ?? []) as unknown as readonly Condition[];
    const found = this.#folded(tenantId, reads).filter(
      (row) => sortKey(row) < behind && where.every((condition) => meets(condition, row)),
    );
    return pageOfRows(
      reads,
      found.sort((a, b) => (sortKey(a) < sortKey(b) ? 1 : -1)).slice(0, page.limit + 1),
      page.limit,
    );
  }

  #folded<C extends Columns>(tenantId: string, { table, newestBy }: RowReads<C>): readonly RowView<C>[] {
    const empty = Object.fromEntries(Object.keys(table.columns).map((name) => [name, null]));
    return foldRows(table, this.#of(tenantId, table.name))
      .filter((row) => (row[newestBy] ?? null) !== null)
      .map((row) => ({ ...empty, ...row }) as unknown as RowView<C>);
  }

  async reached(_views: readonly unknown[], { topic, partition, offset }: Position, timeoutMs: number): Promise<void> {
    const stop = Date.now() + timeoutMs;
    while ((this.#next.get(`${topic}/${partition}`)?.offset ?? 0) <= offset) {
      if (Date.now() > stop) throw new Problem('READ_MODEL_BEHIND', 'not there yet');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async positions() {
    return allProjections.flatMap(({ name, inputs }) =>
      [...this.#next.values()]
        .filter(({ topic }) => inputs.some((input) => input.name === topic))
        .map((position) => ({ view: name, ...position })),
    );
  }

  async ping(): Promise<void> {
    if (this.away) throw new Error('away');
  }
}

const storedEvent = (row: Readonly<Record<string, unknown>>): StoredEvent => ({
  eventId: String(row['event_id']),
  streamId: String(row['stream_id']),
  streamVersion: 1,
  subjectId: String(row['subject_id']),
  type: String(row['type']),
  data: row['data'] as Record<string, unknown>,
  metadata: row['metadata'] as Record<string, string>,
  topic: String(row['topic']),
  partition: Number(row['partition']),
  offset: Number(row['offset']),
  at: new Date(String(row['at'])),
  appendedAt: new Date(String(row['appended_at'])),
});
