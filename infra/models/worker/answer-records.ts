import { costOf } from '../../../schemas/amount.ts';
import {
  type AnswerModeration,
  type ContentRefusal,
  type DeltaStretch,
  type SlmEmbeddingRequested,
  type SlmOutcome,
  type SlmRequested,
  slmCompleted,
  slmEmbedded,
  slmFailed,
  slmMetered,
  type TokenUsage,
  turnDelta,
} from '../../../schemas/generated/records.ts';
import type { AnyRecord } from '../../../streams/kernel.ts';
import type { SlmDone, SlmEmbeddings, SlmUsage } from '../provider.ts';
import type { OutputRefused } from './checked-output.ts';

/** A request to the model. */
export type SlmWork = SlmRequested | SlmEmbeddingRequested;

const addressOf = ({ subjectId, origin, requestId }: SlmWork) => ({ subjectId, origin, requestId });
const tokensOf = ({ promptTokens, completionTokens }: SlmUsage): TokenUsage => ({
  prompt: promptTokens,
  completion: completionTokens,
});

/**
 * Returns a piece of the answer to a turn, which begins after `start` code units of the attempt; a later attempt
 * supersedes earlier ones. Returns null for a request outside of a turn: its caller waits for the whole answer.
 */
export function deltaRecord(work: SlmRequested, attempt: number, start: number, text: string): AnyRecord | null {
  const { sessionId, turnId, turnSequence } = work;
  if (sessionId === null || turnId === null || turnSequence === null) return null;
  return turnDelta({ sessionId, turnId, turnSequence, attempt, start, text });
}

/** What the record of an answer has beside the answer; `pricePerMillionTokens` is a decimal. */
export interface AnswerFacts {
  readonly pricePerMillionTokens: string;
  readonly moderation: AnswerModeration | null;
}

/** Returns the end of an answer, with its cost and what was found in it. */
export const completedRecord = (
  work: SlmWork,
  attempt: number,
  done: SlmDone,
  { pricePerMillionTokens, moderation }: AnswerFacts,
): AnyRecord =>
  slmCompleted({
    ...addressOf(work),
    attempt,
    text: done.text,
    toolCalls: done.toolCalls ?? [],
    modelId: done.modelId,
    finishReason: done.finishReason,
    tokensConsumed: tokensOf(done.usage),
    latencyMs: Math.round(done.latencyMs),
    cost: costOf(done.usage.promptTokens + done.usage.completionTokens, pricePerMillionTokens),
    moderation,
  });

/** Returns the answer to an embedding request; `latencyMs` is its duration. */
export const embeddedRecord = (work: SlmWork, { vectors, modelId, promptTokens }: SlmEmbeddings, latencyMs: number) =>
  slmEmbedded({
    ...addressOf(work),
    vectors,
    modelId,
    tokensConsumed: { prompt: promptTokens, completion: 0 },
    latencyMs: Math.round(latencyMs),
  });

/** Bound of the public error detail; the worker's log has the full text. */
const DETAIL_CHARS_MAX = 500;

/** Why a request failed; `refusal` is the rule that cut its answer. */
export interface Failure {
  readonly code: string;
  readonly detail: string;
  readonly refusal: ContentRefusal | null;
}

/** Returns the failure of a request. Truncates `detail` to DETAIL_CHARS_MAX code units. */
export const failedRecord = (work: SlmWork, attempt: number, { code, detail, refusal }: Failure): AnyRecord =>
  slmFailed({
    ...{ ...addressOf(work), attempt, code, refusal },
    detail: detail.slice(0, DETAIL_CHARS_MAX).toWellFormed(),
  });

/** Returns the refusal of an answer that a rule cut. */
export const refusalOf = (
  { finding, chars, rules: { version, digest } }: OutputRefused,
  usage: SlmUsage,
): ContentRefusal => ({
  ...{ constitutionVersion: version, constitutionDigest: digest, finding, chars },
  tokensConsumed: tokensOf(usage),
});

/** The resources that one request used, for any outcome. */
export interface Metering {
  readonly tenantId: string;
  readonly provider: string;
  readonly modelId: string;
  readonly outcome: SlmOutcome;
  readonly usage: SlmUsage;
  readonly latencyMs: number;
  /** Null when there was no token. */
  readonly timeToFirstTokenMs: number | null;
  readonly deltas: DeltaStretch | null;
  readonly pricePerMillionTokens: string;
  readonly currency: string;
}

/** Returns the metering record of a request. */
export function meteredRecord(work: SlmWork, metering: Metering): AnyRecord {
  const { usage, latencyMs, timeToFirstTokenMs, pricePerMillionTokens, ...facts } = metering;
  return slmMetered({
    ...addressOf(work),
    ...facts,
    sessionId: work.sessionId,
    turnId: work.turnId,
    tokensConsumed: tokensOf(usage),
    latencyMs: Math.round(latencyMs),
    timeToFirstTokenMs: timeToFirstTokenMs === null ? null : Math.round(timeToFirstTokenMs),
    cost: costOf(usage.promptTokens + usage.completionTokens, pricePerMillionTokens),
  });
}
