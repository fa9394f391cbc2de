import type { Schemas } from '../../client/api.ts';
import { ask } from '../api/ask.ts';
import { print } from '../show/print.ts';
import { styleOf } from '../show/style.ts';
import { stepsText } from './steps-text.ts';

/** Prints a run with its steps. Rejects like `ask`. */
export async function showRun(run_id: string, { json }: { readonly json?: true }): Promise<void> {
  const path = { run_id };
  const run: Schemas['AgentRun'] = await ask((api) => api.GET('/v1/agents/runs/{run_id}', { params: { path } }));
  print(json, run, () => [stepsText(run, styleOf(process.stdout))]);
}
