import { codeOf, messageOf } from '../../kit/errors.ts';
import { livingRun } from '../../local/process/run-record.ts';
import { createProgress, type Progress } from '../../local/show/progress.ts';
import type { FirstTurn, StartClock, StartReport } from '../../local/show/start-report.ts';
import { formatBoard, readBoard } from '../../local/show/status-board.ts';
import { authorityFile } from '../../local/tls/local-tls.ts';
import { trustAlso } from '../../tls/outside.ts';
import { DemoApi } from '../demo/api.ts';
import { widthOf } from '../demo/demo-text.ts';
import { allowedPrompt } from '../demo/prompts.ts';
import { runDemo } from '../demo/run.ts';
import { styleOf } from '../show/style.ts';
import { nextSteps } from './next-steps.ts';

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

const TURN_MS = 90_000;

const outputOf = (json: boolean): NodeJS.WriteStream => (json ? process.stderr : process.stdout);

/**
 * Returns the progress output. With --json, standard output has only the result, so progress goes to standard error.
 */
export const createOutput = (json: boolean): Progress => {
  const stream = outputOf(json);
  return createProgress({ write: (text) => stream.write(text), isLive: stream.isTTY === true && !process.env['CI'] });
};

/** Prints the status of the running platform and the next steps; does nothing when it does not run. */
export async function printBoard(dir: string, json: boolean, start?: StartReport): Promise<void> {
  const run = livingRun(dir);
  if (!run) return;
  const board = await readBoard(dir, run);
  if (json) return console.log(JSON.stringify({ ...board, ...(start ? { start } : {}) }, null, 2));
  const ready = start ? [`Ready ${start.cold ? '(cold) ' : ''}in ${(start.total_ms / 1_000).toFixed(1)} s.`, ''] : [];
  console.log([formatBoard(board), '', ...ready, nextSteps(board.url, dir)].join('\n'));
}

/** Runs the first turn, which proves that the platform works: an allowed prompt beside a denied one. */
async function showTurn({ url, apiKey }: Address, options: WelcomeOptions): Promise<FirstTurn> {
  const stream = outputOf(options.json);
  const { turnMs: timeoutMs = TURN_MS, signal } = options;
  const api = new DemoApi({ url, apiKey, hint: 'see khipu status' }, { timeoutMs, signal });
  const { allowed } = await runDemo(api, {
    ...{ prompt: allowedPrompt, features: false, style: styleOf(stream), width: widthOf(stream) },
    write: (text) => void stream.write(text),
  });
  stream.write('\n');
  const { started_ms: started, first_token_ms: firstDelta, answer_ms: completed } = allowed;
  return { ms: { started, firstDelta, completed } };
}

function describeFailure(error: unknown): { code: string; reason: string } {
  return { code: codeOf(error), reason: messageOf(error).split('\n')[0] ?? '' };
}

/** Runs the first turn. A failure is printed as one line and is not an error: the platform is ready. */
async function tryTurn(at: Address, options: WelcomeOptions): Promise<FirstTurn> {
  try {
    return await showTurn(at, options);
  } catch (error) {
    const { code, reason } = describeFailure(error);
    const inSeconds = `${(options.turnMs ?? TURN_MS) / 1_000} s`;
    const what = code === 'TURN_TIMEOUT' ? `did not finish in ${inSeconds}` : `failed (${code}: ${reason})`;
    if (!options.signal?.aborted)
      outputOf(options.json).write(`\n! the first turn ${what}; the platform is up: ${at.url}. Try: npm run demo\n\n`);
    return { error: `${code}: ${reason}` };
  }
}

/**
 * Runs the turn, writes the report and prints the board and the next steps, after all roles are ready. Never rejects: a
 * ready platform stays up even if this fails, which is printed as one line. Ends early and silently once `signal` is aborted.
 */
export async function welcome(dir: string, at: Address, clock: StartClock, options: WelcomeOptions): Promise<void> {
  const { json, signal } = options;
  if (at.url.startsWith('https:')) trustAlso(authorityFile(dir));
  clock.ready();
  const turn = options.turn ? await tryTurn({ url: at.url, apiKey: at.apiKey }, options) : {};
  if (signal?.aborted) return;
  try {
    await printBoard(dir, json, clock.finish(dir, turn));
  } catch (error) {
    const { code, reason } = describeFailure(error);
    console.error(`! the status cannot be shown (${code}: ${reason}); the platform is up: ${at.url}`);
  }
}
