import type { z } from 'zod';
import type { ResponseRow } from '../../../projections/responses/queries.ts';
import type { CompletionEnd } from '../completion.ts';
import { secondsOf } from '../list.ts';
import type { responseBody } from './body.ts';
import { outputItems, type StoredItem } from './items.ts';

/** Parameters of a request that its response repeats. */
export interface ShownParameters {
  readonly model: string;
  readonly instructions: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly max_output_tokens: number | null;
  readonly parallel_tool_calls: boolean;
  readonly temperature: number | null;
  readonly text: Readonly<Record<string, unknown>>;
  readonly tool_choice: unknown;
  readonly tools: readonly Readonly<Record<string, unknown>>[];
  readonly user: string | null;
}

/** The end of the turn of a response. */
export type ResponseEnd =
  | ({ readonly kind: 'completed' } & CompletionEnd)
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

/** A response, from its request or from the read model. */
export interface ResponseView {
  readonly turnId: string;
  readonly sessionId: string;
  readonly createdAt: number;
  readonly completedAt: number | null;
  readonly status: 'queued' | 'in_progress';
  readonly previousTurnId: string | null;
  readonly inConversation: boolean;
  readonly stored: boolean;
  readonly background: boolean;
  readonly items: readonly StoredItem[];
  readonly parameters: ShownParameters;
  /** Null while the turn runs. */
  readonly end: ResponseEnd | null;
}

export const responseIdOf = (turnId: string): string => `resp_${turnId}`;
export const conversationIdOf = (sessionId: string): string => `conv_${sessionId}`;
/** Returns the UUID of an id with a prefix. */
export const uuidOf = (id: string): string => id.slice(id.indexOf('_') + 1);

/** Reasons of the OpenAI API for an answer that is not whole. */
const cuts: Readonly<Record<string, string>> = { length: 'max_output_tokens', content_filter: 'content_filter' };
/** Returns why an answer is not whole; null for a whole one, and for a failure. */
const cutOf = (end: ResponseEnd | null): string | null =>
  end?.kind === 'completed' ? (cuts[end.finishReason] ?? null) : null;

/** Returns the output of a response: none before its end, and of one that failed. */
export const outputOf = ({ turnId, end }: Pick<ResponseView, 'turnId' | 'end'>): StoredItem[] =>
  end?.kind === 'completed'
    ? outputItems(turnId, { ...end, isCut: cutOf(end) !== null, isRefused: end.refusal !== null })
    : [];

function statusOf({ end, status }: ResponseView) {
  if (end === null) return status;
  if (end.kind === 'failed') return end.code === 'TURN_CANCELLED' ? 'cancelled' : 'failed';
  return cutOf(end) !== null ? 'incomplete' : 'completed';
}

function usageOf(end: ResponseEnd | null) {
  if (end?.kind !== 'completed') return null;
  const { prompt, completion } = end.tokensConsumed;
  return {
    ...{ input_tokens: prompt, input_tokens_details: { cached_tokens: 0 } },
    ...{ output_tokens: completion, output_tokens_details: { reasoning_tokens: 0 } },
    total_tokens: prompt + completion,
  };
}

/** Returns a response as the OpenAI API has it. */
export function bodyOf(view: ResponseView): z.output<typeof responseBody> {
  const { end, parameters, turnId, previousTurnId } = view;
  const status = statusOf(view);
  const cut = cutOf(end);
  const failure = end?.kind === 'failed' && status === 'failed' ? end : null;
  return {
    ...{ id: responseIdOf(turnId), object: 'response' as const, created_at: view.createdAt },
    ...{ completed_at: status === 'completed' ? view.completedAt : null, status, background: view.background },
    error: failure === null ? null : { code: failure.code, message: failure.detail },
    incomplete_details: cut === null ? null : { reason: cut },
    ...parameters,
    tools: [...parameters.tools],
    output: outputOf(view) as { id: string; type: StoredItem['type'] }[],
    previous_response_id: previousTurnId === null ? null : responseIdOf(previousTurnId),
    conversation: view.inConversation ? { id: conversationIdOf(view.sessionId) } : null,
    ...{ reasoning: { effort: null, summary: null }, store: view.stored, top_p: 1, truncation: 'disabled' as const },
    usage: usageOf(end),
  };
}

/**
 * Returns the end that a row of the read model has; null for a turn that runs. The text of an answer that moderation cut
 * is not kept.
 */
export function endOfRow(row: ResponseRow): ResponseEnd | null {
  const isRefused = row.status === 'failed' && row.finish_reason === 'content_filter';
  if (row.status === 'failed' && !isRefused)
    return { kind: 'failed', code: row.code ?? 'SLM_FAILED', detail: row.detail ?? '' };
  if (row.status !== 'completed' && !isRefused) return null;
  return {
    ...{ kind: 'completed', text: row.text ?? '', toolCalls: JSON.parse(row.tool_calls ?? '[]') },
    finishReason: row.finish_reason ?? 'other',
    refusal: isRefused ? (row.detail ?? '') : null,
    tokensConsumed: { prompt: row.tokens_prompt ?? 0, completion: row.tokens_completion ?? 0 },
  };
}

/** Returns the response of a row of the read model. */
export const viewOfRow = (row: ResponseRow): ResponseView => ({
  turnId: row.turn_id,
  sessionId: row.session_id ?? '',
  createdAt: secondsOf(row.created_at) ?? 0,
  completedAt: secondsOf(row.ended_at),
  status: row.status === 'queued' ? 'queued' : 'in_progress',
  previousTurnId: row.previous_turn_id,
  inConversation: row.in_conversation !== null,
  stored: row.stored !== null,
  background: row.background !== null,
  items: JSON.parse(row.items ?? '[]'),
  parameters: JSON.parse(row.parameters ?? '{}'),
  end: endOfRow(row),
});
