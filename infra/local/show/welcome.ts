import { livingRun } from '../process/run-record.ts';
import { createProgress, type Progress } from './progress.ts';
import type { FirstTurn, StartClock, StartReport } from './start-report.ts';
import { formatBoard, readBoard } from './status-board.ts';
import { runFirstTurn, type TurnResult, turnTimeoutMs } from './turn-client.ts';

/** Options of the output at the end of a start. */
export interface WelcomeOptions {
  readonly json: boolean;
  /** Whether to run a first turn. */
  readonly turn: boolean;
  /** Bound on the turn, in ms; default 90 s. */
  readonly turnMs?: number;
  /** Aborts the turn. */
  readonly signal?: AbortSignal;
}

interface Address {
  readonly url: string;
  readonly apiKey: string;
}

const firstPrompt = 'In one sentence: what is a khipu?';

/**
 * Returns the progress output. With --json, standard output has only the result, so progress goes to standard error.
 */
export const createOutput = (json: boolean): Progress => {
  const stream = json ? process.stderr : process.stdout;
  return createProgress({ write: (text) => stream.write(text), isLive: stream.isTTY === true && !process.env['CI'] });
};

/** Prints the status of the running platform; does nothing when it does not run. */
export async function printBoard(dir: string, json: boolean, start?: StartReport): Promise<void> {
  const run = livingRun(dir);
  if (!run) return;
  const board = await readBoard(dir, run);
  console.log(json ? JSON.stringify({ ...board, ...(start ? { start } : {}) }, null, 2) : formatBoard(board));
}

/** Runs the first turn, which proves that the platform works, and prints its answer as it arrives. */
async function showTurn({ url, apiKey }: Address, options: WelcomeOptions): Promise<TurnResult> {
  const stream = options.json ? process.stderr : process.stdout;
  stream.write(`\n> ${firstPrompt}\n`);
  const result = await runFirstTurn({
    ...{ url, apiKey, prompt: firstPrompt, signal: options.signal, timeoutMs: options.turnMs ?? turnTimeoutMs },
    onDelta: (text) => stream.write(text),
  });
  const { started, firstDelta, completed } = result.ms;
  stream.write(`\n(session after ${started} ms, first words after ${firstDelta} ms, all after ${completed} ms)\n\n`);
  return result;
}

function describeFailure(error: unknown): { code: string; reason: string } {
  const { code, message } = error as { code?: unknown; message: string };
  return { code: typeof code === 'string' ? code : 'UNEXPECTED', reason: message.split('\n')[0] ?? '' };
}

/** Runs the first turn. A failure is printed as one line and is not an error: the platform is ready. */
async function tryTurn(at: Address, options: WelcomeOptions): Promise<FirstTurn> {
  try {
    return { result: await showTurn(at, options) };
  } catch (error) {
    const { code, reason } = describeFailure(error);
    const inSeconds = `${(options.turnMs ?? turnTimeoutMs) / 1_000} s`;
    const what = code === 'TURN_TIMEOUT' ? `did not finish in ${inSeconds}` : `failed (${code}: ${reason})`;
    if (!options.signal?.aborted)
      process[options.json ? 'stderr' : 'stdout'].write(
        `\n! the first turn ${what}; the platform is up: ${at.url}. Try: npm run demo\n\n`,
      );
    return { error: `${code}: ${reason}` };
  }
}

/**
 * Runs the turn, writes the report and prints the board, after all roles are ready. Never rejects: a ready platform
 * stays up even if this fails, which is printed as one line. Ends early and silently once `signal` is aborted.
 */
export async function welcome(dir: string, at: Address, clock: StartClock, options: WelcomeOptions): Promise<void> {
  const { json, signal } = options;
  clock.ready();
  const turn = options.turn ? await tryTurn({ url: at.url, apiKey: at.apiKey }, options) : {};
  if (signal?.aborted) return;
  try {
    const start = clock.finish(dir, turn);
    await printBoard(dir, json, start);
    if (!json) console.log(`Ready ${start.cold ? '(cold) ' : ''}in ${(start.total_ms / 1_000).toFixed(1)} s.`);
  } catch (error) {
    const { code, reason } = describeFailure(error);
    console.error(`! the status cannot be shown (${code}: ${reason}); the platform is up: ${at.url}`);
  }
}
