import type { Schemas } from '../../../../infra/client/api.ts';
import { api, read } from './client.ts';

/** All that the log and the read models know about a session. */
export interface SessionStory {
  readonly session: Schemas['Session'];
  readonly records: readonly Schemas['Audit'][];
  readonly trace: Schemas['SessionTrace'];
}

const PAGE_MAX = 200;
/** Pages of records that are read: a session of a hundred turns. */
const PAGES_MAX = 10;

async function recordsOf(sessionId: string): Promise<readonly Schemas['Audit'][]> {
  const records: Schemas['Audit'][] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = {
      session_id: sessionId,
      detail: 'full' as const,
      limit: PAGE_MAX,
      ...(cursor !== null && { cursor }),
    };
    const found: Schemas['AuditPage'] = await read(api.GET('/v1/audit', { params: { query } }));
    records.push(...found.items);
    cursor = found.next_cursor;
    if (cursor === null) break;
  }
  return records;
}

/** Reads a session, its records with their fields, and its trace. Rejects with ApiError. */
export async function readStory(sessionId: string): Promise<SessionStory> {
  const params = { path: { session_id: sessionId } };
  const [session, records, trace] = await Promise.all([
    read(api.GET('/v1/sessions/{session_id}', { params })),
    recordsOf(sessionId),
    read(api.GET('/v1/sessions/{session_id}/trace', { params })),
  ]);
  return { session, records, trace };
}
