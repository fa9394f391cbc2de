import { Problem } from '../../../../gateways/shared/problems/problem.ts';
import type {
  AuditView,
  BudgetAccountView,
  ConversationEvent,
  ReadModel,
  SessionView,
  StoredEvent,
} from '../../../../gateways/shared/read-model.ts';
import type { RecordDecoder } from '../../../../infra/kafka/decode.ts';
import type { Log, LogRecord, Position, Reader } from '../../../../infra/kafka/log.ts';
import { events } from '../../../../projections/events/projection.ts';
import { sessions } from '../../../../projections/sessions/projection.ts';
import { nothing } from '../../../../schemas/amount.ts';
import { topics } from '../../../../schemas/topics.ts';

interface Row {
  readonly tenantId: string;
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/**
 * The read models of a contract test: the real projections' rows, kept in arrays. Enough for what routes ask; folding and
 * SQL have their own tests on a real Postgres.
 */
export class MemoryReadModel implements ReadModel {
  readonly #rows: Row[] = [];
  readonly #next = new Map<string, Position>();
  #reader: Reader | undefined;
  /** While true it answers as a database that is away. */
  away = false;
  /** While true it falls behind the log. */
  paused = false;

  async start(log: Log, decoder: RecordDecoder): Promise<void> {
    const names = [
      topics.sessionsEvents,
      topics.conversationEvents,
      topics.policyDecisions,
      topics.inferenceEvents,
    ].map(({ name }) => name);
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
    for (const projection of [events, sessions])
      if (projection.inputs.some(({ name }) => name === record.topic))
        for (const { table, row } of projection.apply(decoded, projected))
          this.#rows.push({ tenantId: meta.tenantId, table, row });
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

  async sessionDetail(tenantId: string, sessionId: string) {
    const session = await this.session(tenantId, sessionId);
    return session === undefined ? undefined : { session, turns: [], usage: [] };
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

  async audit() {
    return { items: [] as AuditView[], nextCursor: null };
  }

  /** Nobody has a budget here: tests/e2e/governed/budgets.ts has one. */
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

  async reached(_views: readonly unknown[], { topic, partition, offset }: Position, timeoutMs: number): Promise<void> {
    const stop = Date.now() + timeoutMs;
    while ((this.#next.get(`${topic}/${partition}`)?.offset ?? 0) <= offset) {
      if (Date.now() > stop) throw new Problem('READ_MODEL_BEHIND', 'not there yet');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
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
