import {
  PROGRAM_SNAPSHOT_BYTES_MAX,
  PROGRAM_SNAPSHOT_CHARS_MAX,
  printedWith,
} from '../../../schemas/contexts/agents.ts';
import type { ContentRef } from '../../../schemas/contexts/files.ts';
import { namedIn } from '../../../schemas/contexts/jobs/payload.ts';
import { type ProgramSegmentEnded, programSegmentEnded } from '../../../schemas/generated/records.ts';
import type { RecordOf, WorkContext } from '../../../streams/kernel.ts';
import { messageOf } from '../../kit/errors.ts';
import { SandboxError } from '../../sandbox/errors.ts';
import { runSegment, type SegmentResult } from '../../sandbox/run-segment.ts';

type Work = RecordOf<'RunProgramSegment'>;
type End = Omit<ProgramSegmentEnded, 'runId' | 'requestId' | 'step' | 'latencyMs'>;

const DETAIL_CHARS_MAX = 500;

const nothing = { function: null, arguments: null, snapshot: null, value: null, printed: '', code: null } as const;

const failedWith = (code: string, detail: string, interpreter = ''): End => ({
  ...{ ...nothing, outcome: 'failed', code, detail: detail.slice(0, DETAIL_CHARS_MAX), interpreter },
});

/** Contents of the log, for snapshots above 64 KiB. */
export interface SnapshotContents {
  /** Keeps JSON, and resolves with the name of the content. */
  keep(tenantId: string, json: string): Promise<string>;
  /** Resolves with the JSON of a content. Rejects when it cannot be read, or has another digest. */
  read(tenantId: string, content: ContentRef): Promise<string>;
}

/** The parts of the handler. */
export interface ProgramRunnerParts {
  readonly contents: SnapshotContents;
  readonly run?: typeof runSegment;
  /** Monotonic clock, ms. */
  readonly now: () => number;
}

/** Runs segments of programs. */
export interface ProgramRunner {
  /**
   * Runs one segment to its end: a call, a value or an error of the program. Rejects when another run may help: a sandbox that did
   * not start, a content that cannot be read or kept. A segment has no effect outside, so that it may run again.
   */
  handle(work: Work, context: WorkContext): Promise<void>;
  /** Ends a segment that is not run again. */
  abandon(work: Work, context: WorkContext, error: unknown): Promise<void>;
}

/** Returns the handler of the worker of programs. */
export function createProgramRunner({ contents, run = runSegment, now }: ProgramRunnerParts): ProgramRunner {
  function end({ data: { runId, requestId, step } }: Work, context: WorkContext, at: number, made: End): void {
    context.end(programSegmentEnded({ runId, requestId, step, ...made, latencyMs: Math.round(now() - at) }));
  }

  return {
    async handle(work, context) {
      const at = now();
      const { code, input, snapshot, answer, error, functions } = work.data;
      const { tenantId } = context.meta;
      const content = namedIn(snapshot);
      const kept = content === null ? snapshot : (JSON.parse(await contents.read(tenantId, content)) as string);
      try {
        const asked = { code: code ?? '', input, snapshot: kept, answer, error, functions, signal: context.signal };
        const made = endOf(await run(asked));
        context.signal.throwIfAborted();
        const { snapshot: next } = made;
        const isLong = next !== null && next.length > PROGRAM_SNAPSHOT_CHARS_MAX;
        end(
          work,
          context,
          at,
          isLong ? { ...made, snapshot: await contents.keep(tenantId, JSON.stringify(next)) } : made,
        );
      } catch (thrown) {
        if (!(thrown instanceof SandboxError) || thrown.code === 'SANDBOX_START_FAILED') throw thrown;
        end(work, context, at, failedWith(thrown.code, thrown.message));
      }
    },
    async abandon(work, context, error) {
      end(work, context, now(), failedWith('PROGRAM_NOT_RUN', `The program cannot be run: ${messageOf(error)}`));
    },
  };
}

function endOf({ end, output, error, walls }: SegmentResult): End {
  const printed = printedWith('', output);
  const { by: interpreter } = walls;
  if (end === null) {
    const { code, detail } = error ?? { code: 'SANDBOX_PROGRAM_FAILED', detail: 'the interpreter has no answer' };
    return { ...failedWith(code, detail, interpreter), printed };
  }
  if ('value' in end)
    return {
      ...{ ...nothing, outcome: 'completed', value: JSON.stringify(end.value), printed, interpreter },
      detail: 'The program has ended.',
    };
  const { function: name, arguments: given, snapshot } = end.call;
  const bytes = Math.ceil((snapshot.length / 4) * 3);
  if (bytes > PROGRAM_SNAPSHOT_BYTES_MAX) {
    const detail = `The state of the program has ${bytes} bytes of at most ${PROGRAM_SNAPSHOT_BYTES_MAX}.`;
    return { ...failedWith('PROGRAM_STATE_TOO_LARGE', detail, interpreter), printed };
  }
  return {
    ...{
      ...nothing,
      outcome: 'paused',
      function: name,
      arguments: JSON.stringify(given),
      snapshot,
      printed,
      interpreter,
    },
    detail: `The program calls ${name}.`,
  };
}
