import { setTimeout as sleep } from 'node:timers/promises';
import {
  commandsOf,
  commandTopic,
  type FoundCommand,
  type Trace,
  tracesOf,
} from '../../../gateways/http/sessions/trace.ts';
import type { Api, Schemas } from '../../client/api.ts';
import { ask } from '../api/ask.ts';
import { withLog } from '../roles/with-log.ts';
import { findCommands } from './find-commands.ts';

/** The chain of a session, from its commands to its rows. */
export interface SessionTrace {
  readonly session: Schemas['Session'];
  readonly chains: readonly Trace[];
  /** Number of rows in each read model. */
  readonly rows: Readonly<Record<string, number>>;
  /** True when the commands were looked up in the log. */
  readonly log_read: boolean;
}

const PAGE = 200;
const PAGES_MAX = 25;

type Page<Item> = { readonly items: readonly Item[]; readonly next_cursor: string | null };

/** Reads all pages, up to 5,000 items. */
async function allOf<Item>(read: (query: { limit: number; cursor?: string }) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined, page = 0; cursor !== null && page < PAGES_MAX; page += 1) {
    const next: Page<Item> = await read({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
    items.push(...next.items);
    cursor = next.next_cursor;
  }
  return items;
}

const eventsOf = (session_id: string) =>
  allOf((query) =>
    ask((api: Api) => api.GET('/v1/sessions/{session_id}/events', { params: { path: { session_id }, query } })),
  );

const auditOf = (session_id: string) =>
  allOf((query) => ask((api: Api) => api.GET('/v1/audit', { params: { query: { session_id, ...query } } })));

async function commandsInLog(events: readonly Schemas['Event'][]): Promise<ReadonlyMap<string, FoundCommand> | null> {
  if (!process.env['KAFKA_BROKERS']) return null;
  return withLog((log) => findCommands(log, commandsOf(events), commandTopic));
}

const ROWS_WITHIN_MS = 10_000;

const isOpen = ({ status, turns, turn_count: count }: Schemas['Session']): boolean =>
  status === 'pending' || turns.length < Math.min(count, PAGE) || turns.some(({ ended_at }) => ended_at === null);

/** Reads a session once every turn of it has ended, or after 10 s. Rejects like `ask`. */
async function settledSession(session_id: string): Promise<Schemas['Session']> {
  for (const deadline = Date.now() + ROWS_WITHIN_MS; ; await sleep(250)) {
    const session = await ask((api) => api.GET('/v1/sessions/{session_id}', { params: { path: { session_id } } }));
    if (!isOpen(session) || Date.now() > deadline) return session;
  }
}

/**
 * Reads the chain of a session over HTTP, and the positions of its commands from the log where KAFKA_BROKERS names one.
 * Waits at most 10 s for open turns to end. Rejects with SESSION_UNKNOWN, and like `ask`.
 */
export async function readTrace(session_id: string): Promise<SessionTrace> {
  const session = await settledSession(session_id);
  const events = await eventsOf(session_id);
  const audit = await auditOf(session_id);
  const found = await commandsInLog(events);
  return {
    session,
    chains: tracesOf(events, found ?? new Map()),
    rows: {
      ...{ sessions: 1, turns: session.turns.length, usage: session.usage.length },
      ...{ events: events.length, audit: audit.length },
    },
    log_read: found !== null,
  };
}
