import { ANOMALIES_WHAT_IF } from '../../../schemas/contexts/anomalies.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { settle } from '../api/ask.ts';
import { printResult } from '../api/follow.ts';
import { fieldsText, rowsText } from '../show/fields.ts';

/** Options of `khipu anomalies what-if`; times in ms since 1970. */
export interface WhatIfOptions {
  readonly levelThreshold?: number;
  readonly driftThreshold?: number;
  readonly mixThreshold?: number;
  readonly denialsMax?: number;
  readonly denialsWindowMs?: number;
  readonly from?: number;
  readonly until?: number;
  /** Seconds to wait for the result. */
  readonly wait: number;
  readonly json?: true;
}

const COLUMNS = ['window_start', 'rule', 'metric', 'subject', 'direction', 'detail', 'recorded'];

/** Returns the input of the job of these options. */
export function inputOf(options: WhatIfOptions): Record<string, unknown> {
  const settings = {
    ...{ level_threshold: options.levelThreshold, drift_threshold: options.driftThreshold },
    ...{ mix_threshold: options.mixThreshold, denials_max: options.denialsMax },
    denials_window_ms: options.denialsWindowMs,
  };
  return {
    ...(options.from === undefined ? {} : { from: isoOf(options.from) }),
    ...(options.until === undefined ? {} : { until: isoOf(options.until) }),
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
  };
}

function resultText(result: unknown): string {
  const { anomalies, ...figures } = result as { readonly anomalies: readonly Record<string, unknown>[] };
  return `${fieldsText(figures)}\n${rowsText(anomalies, COLUMNS)}`;
}

/** Starts the job that tries settings on the past, and prints its result. Exits with 2 when it has not ended in time. */
export async function whatIfAnomalies(options: WhatIfOptions): Promise<void> {
  const { job_id } = await settle((api, header) =>
    api.POST('/v1/jobs/start', { params: { header }, body: { type: ANOMALIES_WHAT_IF, input: inputOf(options) } }),
  );
  await printResult(
    (api, header) => api.GET('/v1/jobs/{job_id}/result', { params: { path: { job_id }, header } }),
    (data) => {
      const result = 'result' in data ? data.result : undefined;
      return result === undefined ? `${data.status}: khipu jobs result ${job_id}` : resultText(result);
    },
    options,
  );
}
