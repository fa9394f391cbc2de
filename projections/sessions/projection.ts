import { topics } from '../../schemas/topics.ts';
import { assertNever, first, foldTable, instant, key, last, max, projection, row, sum } from '../kernel.ts';
import { wireData } from '../wire.ts';

/**
 * One row per session. Its attributes come from `sessions.events`, its turns from `conversation.events`; the two are
 * read side by side, so either may create the row, and queries return it once it has a status.
 */
const sessionsTable = foldTable('sessions', {
  tenant_id: key('text'),
  session_id: key('text'),
  place: first('text'),
  status: last('text'),
  principal: last('text'),
  persona: last('text'),
  capabilities: last('text[]'),
  model: last('text'),
  metadata: last('jsonb'),
  decision: last('jsonb'),
  code: last('text'),
  detail: last('text'),
  request_digest: last('text'),
  turns: sum('integer'),
  tokens_prompt: sum('bigint'),
  tokens_completion: sum('bigint'),
  created_at: first('timestamptz'),
  updated_at: max('timestamptz'),
  partition: first('integer'),
  session_offset: max('bigint'),
  conversation_offset: max('bigint'),
});

export const sessions = projection({
  name: 'sessions',
  version: 2,
  inputs: [topics.sessionsEvents, topics.conversationEvents],
  tables: [sessionsTable],
  apply(record, meta) {
    const { tenantId: tenant_id, partition, place } = meta;
    const at = instant(meta.timeMs);
    const session = { tenant_id, session_id: record.data.sessionId, place, updated_at: at, partition };
    const born = { ...session, created_at: at, session_offset: meta.offset };
    const spoken = { ...session, conversation_offset: meta.offset };
    switch (record.type) {
      case 'SessionStarted':
        return [
          row(sessionsTable, {
            ...born,
            status: 'started',
            principal: record.data.principal,
            persona: record.data.persona,
            capabilities: record.data.capabilities,
            model: record.data.model,
            metadata: record.data.metadata,
            decision: wireData(record)['decision'],
            request_digest: record.data.requestDigest,
          }),
        ];
      case 'SessionRefused':
        return [
          row(sessionsTable, {
            ...born,
            status: 'refused',
            principal: record.data.principal,
            code: record.data.code,
            detail: record.data.detail,
            decision: wireData(record)['decision'],
            request_digest: record.data.requestDigest,
          }),
        ];
      case 'TurnStarted':
        return [row(sessionsTable, { ...spoken, turns: 1 })];
      case 'TurnCompleted': {
        const { prompt, completion } = record.data.tokensConsumed;
        return [row(sessionsTable, { ...spoken, tokens_prompt: prompt, tokens_completion: completion })];
      }
      case 'SessionChanged':
      case 'SessionChangeRefused':
        return [];
      case 'ConversationOpened':
      case 'TurnQueued':
      case 'TurnFailed':
      case 'TurnRefused':
        return [row(sessionsTable, spoken)];
      default:
        return assertNever(record);
    }
  },
});
