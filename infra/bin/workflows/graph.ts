import { setTimeout as delay } from 'node:timers/promises';
import type { Schemas } from '../../client/api.ts';
import { ask } from '../api/ask.ts';
import { print } from '../show/print.ts';
import { nodeText } from './show.ts';

interface Options {
  readonly watch?: true;
  readonly json?: true;
}
type Run = Schemas['WorkflowRun'];

const WATCH_MS = 1_000;
const ends: readonly string[] = ['completed', 'failed', 'dead', 'cancelled'];

/** Prints the graph of a run; with `watch` again with each change, until the run has ended. Rejects like `ask`. */
export async function showGraph(workflow_run_id: string, { watch, json }: Options): Promise<void> {
  let shown = '';
  for (;;) {
    const run: Run = await ask((api) =>
      api.GET('/v1/runs/{workflow_run_id}', { params: { path: { workflow_run_id }, query: {} } }),
    );
    const text = runText(run).join('\n');
    if (text !== shown) {
      const isScreen = watch === true && json !== true && process.stdout.isTTY;
      if (isScreen && shown !== '') process.stdout.write(cleared(shown));
      print(json, run, () => [text]);
      shown = text;
    }
    if (watch !== true || ends.includes(run.status)) return;
    await delay(WATCH_MS);
  }
}

/** Returns the codes that move the cursor above a text of so many lines and clear the screen below it. */
const cleared = (text: string): string => `\u001b[${text.split('\n').length}A\u001b[J`;

/** Returns a run as lines: its state and use, and a line for each task below the tasks around it. */
export function runText({ run_id, template, status, code, nodes, used }: Run): readonly string[] {
  const why = code === null ? '' : ` ${code}`;
  return [
    `${template ?? 'workflow'} ${run_id}: ${status}${why}, ${usedText(used)}`,
    ...nodes.map((node) => {
      const tried = node.attempts > node.steps ? `, ${node.attempts} attempts` : '';
      return `${nodeText(node)}${tried}${node.used.calls === 0 ? '' : `  ${usedText(node.used)}`}`;
    }),
  ];
}

function usedText({ calls, tokens, cost }: Run['used']): string {
  const money = Number(cost) === 0 ? '' : `, ${cost}`;
  return `${calls} ${calls === 1 ? 'call' : 'calls'}${tokens === 0 ? '' : `, ${tokens} tokens`}${money}`;
}
