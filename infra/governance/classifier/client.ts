import { Counter, Histogram, type Registry } from 'prom-client';
import type { ClassifierAnswer } from '../../../schemas/generated/records.ts';
import { createService, OutsideUnavailable, type ServiceOptions } from '../outside/service.ts';
import { readScores } from './answer.ts';

/** The classifier, and the bounds of its client. Its URL is that of its moderations: `http://localhost:8000/v1/moderations`. */
export interface ClassifierOptions extends ServiceOptions {
  /** Model that is asked for; null to let the service choose. */
  readonly model: string | null;
}

/** Thrown when the classifier gave no answer. */
export class ClassifierUnavailable extends OutsideUnavailable {
  override readonly name = 'ClassifierUnavailable';
  override readonly code = 'MODERATION_UNAVAILABLE';
}

/** A client of the outside classifier. */
export interface ClassifierClient {
  /** Classifies texts in one request. Rejects with ClassifierUnavailable, or with the reason of `signal`. */
  ask(texts: readonly string[], signal: AbortSignal): Promise<ClassifierAnswer>;
  health(): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

const REQUESTS = 'khipu_classifier_requests_total';
const SECONDS = 'khipu_classifier_seconds';

/** The metrics of the outside classifier. */
export interface ClassifierMetrics {
  readonly requests: Counter<'outcome'>;
  readonly seconds: Histogram;
}

/** Creates and registers the metrics, or returns those of the registry: commands and answers of a process count in them. */
export function createClassifierMetrics(register: Registry): ClassifierMetrics {
  const registers = [register];
  return {
    requests:
      (register.getSingleMetric(REQUESTS) as ClassifierMetrics['requests'] | undefined) ??
      new Counter({
        name: REQUESTS,
        help: 'Requests to the outside classifier of texts: answered, invalid, unavailable; circuit-open for requests that were not sent',
        labelNames: ['outcome'],
        registers,
      }),
    seconds:
      (register.getSingleMetric(SECONDS) as ClassifierMetrics['seconds'] | undefined) ??
      new Histogram({
        name: SECONDS,
        help: 'Time of a request to the outside classifier of texts',
        buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        registers,
      }),
  };
}

/** 64 texts with some dozens of scores each have less. */
const BODY_BYTES_MAX = 512 * 1024;

/** Creates a client of the moderations API of OpenAI, which others serve as well. */
export function createClassifierClient(options: ClassifierOptions, metrics: ClassifierMetrics): ClassifierClient {
  const { model } = options;
  const service = createService<{ readonly body: string; readonly latencyMs: number }>(options, {
    ...{ bodyBytesMax: BODY_BYTES_MAX, healthPath: null, unavailable: ClassifierUnavailable },
    read: (body, latencyMs) => ({ body, latencyMs }),
    started: () => metrics.seconds.startTimer(),
    counted: (answer) => {
      if (typeof answer === 'string') metrics.requests.inc({ outcome: answer });
    },
  });
  return {
    async ask(texts, signal) {
      const { body, latencyMs } = await service.ask({ input: texts, ...(model !== null && { model }) }, signal);
      const answer = readScores(body, texts.length, latencyMs);
      metrics.requests.inc({ outcome: answer.outcome });
      return answer;
    },
    health: () => service.health(),
  };
}
