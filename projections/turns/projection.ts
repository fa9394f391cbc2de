import { topics } from '../../schemas/topics.ts';
import { assertNever, first, foldTable, instant, key, last, max, min, projection, row } from '../kernel.ts';
import { wireData } from '../wire.ts';

/**
 * One row per turn: queued → running → completed, failed or refused. The text is complete when the turn is; until then
 * it is in the `live-turns` cache.
 */
const turnsTable = foldTable('turns', {
  tenant_id: key('text'),
  session_id: key('text'),
  turn_id: key('text'),
  status: last('text'),
  prompt: first('text'),
  model: first('text'),
  text: last('text'),
  model_id: last('text'),
  finish_reason: last('text'),
  tokens_prompt: last('bigint'),
  tokens_completion: last('bigint'),
  latency_ms: last('bigint'),
  code: last('text'),
  detail: last('text'),
  decision: last('jsonb'),
  /** The memories that it is answered with, by name; with the names of the wire. */
  recalled: first('jsonb'),
  /** What the rules of outputs found in its answer; with the names of the wire. */
  moderation: last('jsonb'),
  sequence_first: min('integer'),
  sequence_last: max('integer'),
  queued_at: first('timestamptz'),
  started_at: first('timestamptz'),
  ended_at: last('timestamptz'),
  partition: first('integer'),
  last_offset: max('bigint'),
});

export const turns = projection({
  name: 'turns',
  version: 2,
  inputs: [topics.conversationEvents],
  tables: [turnsTable],
  apply(record, meta) {
    if (record.type === 'ConversationOpened') return [];
    const at = instant(meta.timeMs);
    const turn = {
      tenant_id: meta.tenantId,
      session_id: record.data.sessionId,
      turn_id: record.data.turnId,
      sequence_first: record.data.sequence,
      sequence_last: record.data.sequence,
      partition: meta.partition,
      last_offset: meta.offset,
    };
    switch (record.type) {
      case 'TurnQueued': {
        const { prompt, model } = record.data;
        return [row(turnsTable, { ...turn, status: 'queued', prompt, model, queued_at: at })];
      }
      case 'TurnStarted': {
        const { prompt, model } = record.data;
        const { recalled } = wireData(record);
        return [row(turnsTable, { ...turn, status: 'running', prompt, model, recalled, started_at: at })];
      }
      case 'TurnCompleted':
        return [
          row(turnsTable, {
            ...turn,
            status: 'completed',
            text: record.data.text,
            model_id: record.data.modelId,
            finish_reason: record.data.finishReason,
            tokens_prompt: record.data.tokensConsumed.prompt,
            tokens_completion: record.data.tokensConsumed.completion,
            latency_ms: record.data.latencyMs,
            moderation: wireData(record)['moderation'],
            ended_at: at,
          }),
        ];
      case 'TurnFailed': {
        const { code, detail } = record.data;
        return [row(turnsTable, { ...turn, status: 'failed', code, detail, ended_at: at })];
      }
      case 'TurnRefused': {
        const { code, detail } = record.data;
        const { decision } = wireData(record);
        return [row(turnsTable, { ...turn, status: 'refused', code, detail, decision, ended_at: at })];
      }
      default:
        return assertNever(record);
    }
  },
});
