import { formatBoard, readBoard } from './board.ts';
import { createProgress, type Progress } from './progress.ts';
import { livingRun } from './run-record.ts';
import type { StartClock, StartReport } from './start-report.ts';
import { runFirstTurn, type TurnResult } from './turn-client.ts';

/** How the end of a start is shown. */
export interface WelcomeOptions {
  readonly json: boolean;
  /** Whether a turn is to prove it. */
  readonly turn: boolean;
  /** Gives the turn up. */
  readonly signal?: AbortSignal;
}

interface Address {
  readonly url: string;
  readonly apiKey: string;
}

const firstPrompt = 'In one sentence: what is a khipu?';

/** With --json the answer goes to standard output alone, so progress goes to standard error. */
export const createOutput = (json: boolean): Progress => {
  const stream = json ? process.stderr : process.stdout;
  return createProgress({ write: (text) => stream.write(text), isLive: stream.isTTY === true && !process.env['CI'] });
};

/** Prints what runs now; nothing when nothing runs. */
export async function printBoard(dir: string, json: boolean, start?: StartReport): Promise<void> {
  const run = livingRun(dir);
  if (!run) return;
  const board = await readBoard(dir, run);
  console.log(json ? JSON.stringify({ ...board, ...(start ? { start } : {}) }, null, 2) : formatBoard(board));
}

/** The proof that it is ready: a prompt goes the whole way, and its answer is shown as it comes. */
async function showTurn(at: Address, json: boolean, signal: AbortSignal | undefined): Promise<TurnResult> {
  const stream = json ? process.stderr : process.stdout;
  stream.write(`\n> ${firstPrompt}\n`);
  const result = await runFirstTurn({
    ...at,
    prompt: firstPrompt,
    signal,
    onDelta: (text) => stream.write(text),
  });
  const { started, firstDelta, completed } = result.ms;
  stream.write(`\n(session after ${started} ms, first words after ${firstDelta} ms, all after ${completed} ms)\n\n`);
  return result;
}

/** After everything is ready: the turn, the report, the board. */
export async function welcome(dir: string, at: Address, clock: StartClock, options: WelcomeOptions): Promise<void> {
  const { json, signal } = options;
  clock.ready();
  const turn = options.turn ? await showTurn({ url: at.url, apiKey: at.apiKey }, json, signal) : undefined;
  const start = clock.finish(dir, turn);
  await printBoard(dir, json, start);
  if (!json) console.log(`Ready ${start.cold ? '(cold) ' : ''}in ${(start.total_ms / 1_000).toFixed(1)} s.`);
}
