import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { AnyRecord, RecordOf } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import type { WorkContext, Worker } from '../../../streams/kernel.ts';
import { RecordDecoder } from '../decode.ts';
import type { Headers, LogRecord, OutgoingRecord } from '../log.ts';
import type { WorkHandler } from './attempts.ts';
import { quiet, RecordingTransactor } from './by-hand-testing.ts';
import { createRunnerMetrics } from './metrics.ts';
import { Progress } from './progress.ts';
import { ask, COMMAND_TIME_MS, command, localDecoder, ManualClock, type Names, working } from './testing.ts';

/**
 * The parts of a worker without a log and a runner: a run ends, a commit answers and time passes when the test says so.
 * Nothing here waits for anything but promises, so a promise that never settles is seen at once: see `quiet` and `watch`.
 */
const known = localDecoder();

/** Its registry is away: see `ofUnknownSchema`. */
const decoder = new RecordDecoder(known.codec, async (id) => {
  throw Object.assign(new Error(`nobody tells schema ${id}`), { code: 'REGISTRY_UNAVAILABLE' });
});

const names: Names = {
  name: 'work',
  input: { ...topics.inferenceCommands, name: 'work.commands', partitionedBy: 'key' },
  state: { ...topics.sessionsState, name: 'work.state' },
};

/** A run that waits for the test to end it. */
export interface Run {
  readonly prompt: string;
  readonly context: WorkContext;
  done(): Promise<void>;
  fail(error?: unknown): Promise<void>;
}

const promptOf = ({ data }: AnyRecord): string => ('prompt' in data ? String(data.prompt) : '');

/** Shows each run to the test, which ends it. */
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

  /** The run that began last. */
  get last(): Run {
    const run = this.runs.at(-1);
    if (run === undefined) throw new Error('no run began');
    return run;
  }

  get prompts(): readonly string[] {
    return this.runs.map(({ prompt }) => prompt);
  }
}

/** What the parts of a worker hang on, with nothing of its partition done. */
export function partsOf(over: Partial<Worker> = {}, progress = new Progress(0)) {
  const declared = working(names, { concurrencyMax: 4, attemptsMax: 3, deadlineMs: 60_000 }, over);
  return {
    ...{ worker: declared, name: names.name, group: 'khipu.work', topic: names.input.name, partition: 0 },
    ...{ progress, decoder, logger: pino({ level: 'silent' }), clock: new ManualClock() },
    ...{ transactor: new RecordingTransactor(), handler: new Handling(), metrics: createRunnerMetrics(new Registry()) },
  };
}

/** A prompt for the key, or another record. */
export function recordAt(offset: number, key: string, what: string | AnyRecord, headers: Headers = {}): LogRecord {
  const sent = command(names, known, typeof what === 'string' ? ask(key, what) : what, key);
  return {
    ...{ topic: sent.topic, key: sent.key, value: sent.value, headers: { ...sent.headers, ...headers } },
    ...{ partition: 0, offset, timestampMs: COMMAND_TIME_MS },
  };
}

export const junkOf = (record: LogRecord): LogRecord => ({ ...record, value: Buffer.from('junk') });

/** One that only the registry could tell how to read. */
export function ofUnknownSchema(record: LogRecord): LogRecord {
  const value = Buffer.from(record.value ?? []);
  value.writeInt32BE(9_999, 1);
  return { ...record, value };
}

/** In these tests an EmbedText cancels the earlier InferText of its key whose prompt it names. */
export const cancels: Worker['cancels'] = {
  by: ['EmbedText'],
  of: (cancel, earlier) =>
    cancel.type === 'EmbedText' && earlier.type === 'InferText' && cancel.data.input[0] === earlier.data.prompt,
};

export const cancelOf = (requestId: string, prompt: string): RecordOf<'EmbedText'> => ({
  type: 'EmbedText',
  data: { requestId, principal: 'p', capabilities: [], model: null, input: [prompt], credential: null, labels: [] },
});

/** What answers say, as `answer` made them. */
export const said = (records: readonly OutgoingRecord[]): string[] =>
  records.map((record) => {
    const placed = { ...record, partition: 0, offset: 0, timestampMs: 0 };
    return (known.decodeSync(placed).record as RecordOf<'InferenceFailed'>).data.detail;
  });
