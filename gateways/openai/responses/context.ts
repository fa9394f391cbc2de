import {
  type ConversationItemRow,
  type ConversationRow,
  conversationItemRows,
  conversationRows,
  type ResponseRow,
  responseRows,
} from '../../../projections/responses/queries.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import type { StoredItem } from './items.ts';
import { conversationIdOf, endOfRow, outputOf, responseIdOf, viewOfRow } from './view.ts';

type Reads = Pick<GatewayServices, 'readModel'>;

/** Most responses that one continues, and most pages of a conversation. */
const CHAIN_MAX = 64;
const PAGES_MAX = 8;
const PAGE = 200;

/** Resolves with a stored response. Rejects with Problem RESPONSE_NOT_FOUND for any other one, and one of another tenant. */
export async function responseOrNotFound({ readModel }: Reads, tenantId: string, turnId: string): Promise<ResponseRow> {
  const row = await readModel.row(tenantId, responseRows, turnId);
  if (row === undefined || row.hidden !== null || row.stored === null)
    throw new Problem('RESPONSE_NOT_FOUND', `There is no response ${responseIdOf(turnId)}`);
  return row;
}

/** Resolves with a conversation. Rejects with Problem CONVERSATION_NOT_FOUND when the tenant has none, or has deleted it. */
export async function conversationOrNotFound(
  { readModel }: Reads,
  tenantId: string,
  sessionId: string,
): Promise<ConversationRow> {
  const row = await readModel.row(tenantId, conversationRows, sessionId);
  if (row === undefined || row.hidden !== null)
    throw new Problem('CONVERSATION_NOT_FOUND', `There is no conversation ${conversationIdOf(sessionId)}`);
  return row;
}

/** Resolves with the items of the responses that a response continues, and its own, oldest first. */
export async function itemsBefore(reads: Reads, tenantId: string, turnId: string): Promise<StoredItem[]> {
  const before: StoredItem[][] = [];
  let next: string | null = turnId;
  for (let depth = 0; next !== null; depth += 1) {
    const id: string = next;
    const row: ResponseRow = await responseOrNotFound(reads, tenantId, id);
    if (endOfRow(row)?.kind !== 'completed' || depth >= CHAIN_MAX) {
      const detail = depth >= CHAIN_MAX ? `it continues more than ${CHAIN_MAX} responses` : 'it has not completed';
      const errors = [
        { in: 'body', pointer: '#/previous_response_id', detail: `${responseIdOf(id)}: ${detail}` },
      ] as const;
      throw new Problem('REQUEST_INVALID', 'The response cannot be continued', { errors });
    }
    if (row.in_conversation !== null) {
      before.unshift(await conversationItems(reads, tenantId, row.session_id ?? '', row.created_at ?? undefined));
      break;
    }
    const view = viewOfRow(row);
    before.unshift([...view.items, ...outputOf(view)]);
    next = row.previous_turn_id;
  }
  return before.flat();
}

async function all<Row>(
  page: (cursor: string | null) => Promise<{ items: readonly Row[]; nextCursor: string | null }>,
) {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const found: { items: readonly Row[]; nextCursor: string | null } = await page(cursor);
    rows.push(...found.items);
    cursor = found.nextCursor;
    if (cursor === null) break;
  }
  return rows;
}

/**
 * Resolves with the items of a conversation that are not hidden, oldest first: those that were added, and input and output
 * of its responses, up to the response that was created at `until`.
 */
export async function conversationItems(
  { readModel }: Reads,
  tenantId: string,
  sessionId: string,
  until?: string,
): Promise<StoredItem[]> {
  const of = { column: 'session_id', is: '=', value: sessionId } as const;
  const added: ConversationItemRow[] = await all((cursor) =>
    readModel.rows(tenantId, conversationItemRows, { limit: PAGE, cursor, where: [of] }),
  );
  const said: ResponseRow[] = await all((cursor) =>
    readModel.rows(tenantId, responseRows, {
      ...{ limit: PAGE, cursor },
      where: [of, { column: 'in_conversation', is: '=', value: 'yes' }],
    }),
  );
  const hidden = new Set(added.flatMap((row) => (row.hidden === null ? [] : [row.item_id])));
  const groups = [
    ...added.flatMap((row) =>
      row.item === null
        ? []
        : [{ at: row.created_at ?? '', position: row.position ?? 0, items: [JSON.parse(row.item) as StoredItem] }],
    ),
    ...said.map((row) => {
      const view = viewOfRow(row);
      return { at: row.created_at ?? '', position: 0, items: [...view.items, ...outputOf(view)] };
    }),
  ];
  return groups
    .filter(({ at }) => until === undefined || at <= until)
    .toSorted((left, right) => left.at.localeCompare(right.at) || left.position - right.position)
    .flatMap(({ items }) => items)
    .filter(({ id }) => !hidden.has(id));
}
