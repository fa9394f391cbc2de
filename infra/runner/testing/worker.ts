import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { AnyRecord, RecordOf } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import type { WorkContext, Worker } from '../../../streams/kernel.ts';
import { RecordDecoder } from '../../kafka/decode.ts';
import type { Headers, LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { createRunnerMetrics } from '../metrics.ts';
import type { WorkHandler } from '../worker/attempts.ts';
import { Progress } from '../worker/progress.ts';
import { quiet, RecordingTransactor } from './by-hand.ts';
import { ask, COMMAND_TIME_MS, command, localDecoder, ManualClock, type Names, working } from './processors.ts';

/**
 * The parts of a worker without a log and a runner: a run ends, a commit answers and time passes when the test says so.
 * They wait only for promises, so that a promise that never settles is detected at once: see `quiet` and `watch`.
 */
const known = localDecoder();

/** A decoder whose registry is unavailable: see `ofUnknownSchema`. */
const decoder = new RecordDecoder(known.codec, async (id) => {
  throw Object.assign(new Error(`nobody tells schema ${id}`), { code: 'REGISTRY_UNAVAILABLE' });
});

const names: Names = {
  name: 'work',
  input: { ...topics.inferenceCommands, name: 'work.commands', partitionedBy: 'key' },
  state: { ...topics.sessionsState, name: 'work.state' },
};

/** A run that ends when the test says so. */
export interface Run {
  readonly prompt: string;
  readonly context: WorkContext;
  done(): Promise<void>;
  fail(error?: unknown): Promise<void>;
}

const promptOf = ({ data }: AnyRecord): string => ('prompt' in data ? String(data.prompt) : '');

/** A handler that passes each run to the test, which ends it. */
export class Handling implements WorkHandler {
  readonly runs: Run[] = [];
  readonly abandoned: { readonly prompt: string; readonly context: WorkContext; readonly error: unknown }[] = [];
  onAbandon: (context: WorkContext) => Promise<void> = async () => undefined;

  handle(record: AnyRecord, context: WorkContext): Promise<void> {
    const run = Promise.withResolvers<void>();
    this.runs.push({
      prompt: promptOf(record),
      context,
      done: () => {
        run.resolve();
        return quiet();
      },
      fail: (error = new Error('not yet')) => {
        run.reject(error);
        return quiet();
      },
    });
    return run.promise;
  }

  abandon(record: AnyRecord, context: WorkContext, error: unknown): Promise<void> {
    this.abandoned.push({ prompt: promptOf(record), context, error });
    return this.onAbandon(context);
  }

  /** Returns the run that began last. */
  get last(): Run {
    const run = this.runs.at(-1);
    if (run === undefined) throw new Error('no run began');
    return run;
  }

  get prompts(): readonly string[] {
    return this.runs.map(({ prompt }) => prompt);
  }
}

/** Returns the shared dependencies of the parts of a worker, and the lines that they log. */
export function partsOf(over: Partial<Worker> = {}, progress = new Progress(0)) {
  const logged: object[] = [];
  const logger = pino({ level: 'warn', base: null }, { write: (line) => logged.push(JSON.parse(line) as object) });
  const declared = working(names, { concurrencyMax: 4, attemptsMax: 3, deadlineMs: 60_000 }, over);
  return {
    ...{ worker: declared, name: names.name, group: 'khipu.work', topic: names.input.name, partition: 0 },
    ...{ progress, decoder, logger, logged, clock: new ManualClock() },
    ...{ transactor: new RecordingTransactor(), handler: new Handling(), metrics: createRunnerMetrics(new Registry()) },
  };
}

/** Returns a record for the key; default: a prompt. */
export function recordAt(offset: number, key: string, what: string | AnyRecord, headers: Headers = {}): LogRecord {
  const sent = command(names, known, typeof what === 'string' ? ask(key, what) : what, key);
  return {
    ...{ topic: sent.topic, key: sent.key, value: sent.value, headers: { ...sent.headers, ...headers } },
    ...{ partition: 0, offset, timestampMs: COMMAND_TIME_MS },
  };
}

export const junkOf = (record: LogRecord): LogRecord => ({ ...record, value: Buffer.from('junk') });

/** Returns the record with a schema that only the registry knows. */
export function ofUnknownSchema(record: LogRecord): LogRecord {
  const value = Buffer.from(record.value ?? []);
  value.writeInt32BE(9_999, 1);
  return { ...record, value };
}

/** In these tests an EmbedText cancels the earlier InferText of its key with the same prompt. */
export const cancels: Worker['cancels'] = {
  by: ['EmbedText'],
  of: (cancel, earlier) =>
    cancel.type === 'EmbedText' && earlier.type === 'InferText' && cancel.data.input[0] === earlier.data.prompt,
};

export const cancelOf = (requestId: string, prompt: string): RecordOf<'EmbedText'> => ({
  type: 'EmbedText',
  data: { requestId, principal: 'p', capabilities: [], model: null, input: [prompt], credential: null, labels: [] },
});

/** Returns the texts of answers made by `answer`. */
export const textsOf = (records: readonly OutgoingRecord[]): string[] =>
  records.map((record) => {
    const placed = { ...record, partition: 0, offset: 0, timestampMs: 0 };
    return (known.decodeSync(placed).record as RecordOf<'InferenceFailed'>).data.detail;
  });
