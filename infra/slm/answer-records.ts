import { costOf } from '../../schemas/amount.ts';
import {
  type SlmEmbeddingRequested,
  type SlmOutcome,
  type SlmRequested,
  slmCompleted,
  slmDelta,
  slmEmbedded,
  slmFailed,
  slmMetered,
  type TokenUsage,
} from '../../schemas/generated/records.ts';
import type { AnyRecord } from '../../streams/kernel.ts';
import type { SlmDone, SlmEmbeddings, SlmUsage } from '../providers/provider.ts';

export type SlmWork = SlmRequested | SlmEmbeddingRequested;

const addressOf = ({ subjectId, origin, requestId }: SlmWork) => ({ subjectId, origin, requestId });
const tokensOf = ({ promptTokens, completionTokens }: SlmUsage): TokenUsage => ({
  prompt: promptTokens,
  completion: completionTokens,
});

export const deltaRecord = (work: SlmWork, attempt: number, index: number, text: string): AnyRecord =>
  slmDelta({ ...addressOf(work), attempt, index, text });

export const completedRecord = (
  work: SlmWork,
  attempt: number,
  done: SlmDone,
  pricePerMillionTokens: string,
): AnyRecord =>
  slmCompleted({
    ...addressOf(work),
    attempt,
    text: done.text,
    modelId: done.modelId,
    finishReason: done.finishReason,
    tokensConsumed: tokensOf(done.usage),
    latencyMs: Math.round(done.latencyMs),
    cost: costOf(done.usage.promptTokens + done.usage.completionTokens, pricePerMillionTokens),
  });

export const embeddedRecord = (work: SlmWork, { vectors, modelId, promptTokens }: SlmEmbeddings, latencyMs: number) =>
  slmEmbedded({
    ...addressOf(work),
    vectors,
    modelId,
    tokensConsumed: { prompt: promptTokens, completion: 0 },
    latencyMs: Math.round(latencyMs),
  });

/** What a person may read of an error; the whole of it stands in the worker's log. */
const DETAIL_CHARS_MAX = 500;

export const failedRecord = (work: SlmWork, attempt: number, code: string, detail: string): AnyRecord =>
  slmFailed({ ...addressOf(work), attempt, code, detail: detail.slice(0, DETAIL_CHARS_MAX).toWellFormed() });

/** What one request used, whatever its end. */
export interface Metering {
  readonly tenantId: string;
  readonly provider: string;
  readonly modelId: string;
  readonly outcome: SlmOutcome;
  readonly usage: SlmUsage;
  readonly latencyMs: number;
  /** Null when no token came. */
  readonly timeToFirstTokenMs: number | null;
  readonly pricePerMillionTokens: string;
  readonly currency: string;
}

export function meteredRecord(work: SlmWork, metering: Metering): AnyRecord {
  const { usage, latencyMs, timeToFirstTokenMs, pricePerMillionTokens, ...facts } = metering;
  const ofTurn = work.origin === 'conversation';
  return slmMetered({
    ...addressOf(work),
    ...facts,
    sessionId: ofTurn ? work.subjectId : null,
    turnId: ofTurn ? work.requestId : null,
    tokensConsumed: tokensOf(usage),
    latencyMs: Math.round(latencyMs),
    timeToFirstTokenMs: timeToFirstTokenMs === null ? null : Math.round(timeToFirstTokenMs),
    cost: costOf(usage.promptTokens + usage.completionTokens, pricePerMillionTokens),
  });
}
