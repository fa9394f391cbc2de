import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { components } from '../../client/generated/api.ts';
import { ask } from '../api/ask.ts';
import { failure } from '../failure.ts';
import { print } from '../show/print.ts';

export interface CheckOptions {
  readonly set: string;
  readonly baseline?: string;
  readonly instructions?: string;
  readonly wait: string;
  readonly json?: true;
}

export type Run = components['schemas']['Evaluation'];

/** Time between two looks at a run, in ms. */
const POLL_MS = 1_000;

/** Returns the exit code of a verdict: 0 for pass and improve, 1 for regress, 2 for inconclusive and for a run without one. */
export function exitCodeOf(verdict: Run['verdict']): 0 | 1 | 2 {
  switch (verdict) {
    case 'pass':
    case 'improve':
      return 0;
    case 'regress':
      return 1;
    default:
      return 2;
  }
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

/** Returns a run for people: the verdict, a line a scorer, and the cases that became worse. */
export function runText({ evaluation_id, verdict, detail, passed, cases, result }: Run): readonly string[] {
  const scorers = result?.scorers ?? [];
  return [
    `${verdict ?? 'no verdict'}: ${detail ?? ''}`,
    `run ${evaluation_id}, ${passed ?? 0} of ${cases ?? 0} cases passed`,
    ...scorers.map(({ name, gate, kind, value, low, high, compared, kappa }) => {
      const isAmount = kind === 'cost' || kind === 'latency';
      const now = isAmount
        ? (value?.toPrecision(4) ?? '–')
        : `${percent(value)}${low === null ? '' : ` [${percent(low)}, ${percent(high)}]`}`;
      const change =
        compared === null
          ? 'not compared'
          : `${compared.verdict}: ${percent(compared.difference)} [${percent(compared.low)}, ${percent(compared.high)}], ${compared.worse} worse, ${compared.better} better`;
      const judge = kappa === null ? '' : `, kappa ${kappa.toFixed(2)}`;
      return `  ${name.padEnd(12)} ${now}  ${change}${judge}${gate ? '' : ' (no gate)'}`;
    }),
    ...(result?.cases ?? [])
      .filter((each) => each.verdict === 'worse')
      .map(({ case_id, answer }) => `  worse: ${case_id}: ${answer.slice(0, 80)}`),
  ];
}

/** Resolves with a run that has ended. Rejects with EVALUATION_PENDING when it takes longer than `waitS` seconds. */
async function endOf(runId: string, waitS: number): Promise<Run> {
  for (const stop = Date.now() + waitS * 1_000; ; ) {
    const run = await ask((api) =>
      api.GET('/v1/evaluations/runs/{evaluation_id}', { params: { path: { evaluation_id: runId } } }),
    );
    if (run.status !== 'running') return run;
    if (Date.now() > stop) throw failure('EVALUATION_PENDING', `the run ${runId} has not ended in ${waitS} s`);
    await pause(POLL_MS);
  }
}

/**
 * Runs a golden set of a persona and prints the verdict. Resolves with the exit code. Rejects with USAGE for a golden set of
 * another persona, with EVALUATION_PENDING, and as `ask`.
 */
export async function checkPersona(persona: string, options: CheckOptions): Promise<number> {
  const { set: golden_set, baseline, instructions: file, wait, json } = options;
  const waitS = Number(wait);
  if (!Number.isFinite(waitS) || waitS <= 0) throw failure('USAGE', `--wait: expected seconds above 0, not ${wait}`);
  const set = await ask((api) =>
    api.GET('/v1/evaluations/golden-sets/{golden_set}', { params: { path: { golden_set } } }),
  );
  if (set.persona !== persona)
    throw failure('USAGE', `the golden set ${golden_set} is of the persona ${set.persona}, not of ${persona}`);
  const body = {
    golden_set,
    ...(baseline !== undefined && { baseline }),
    ...(file !== undefined && { candidate: { instructions: readFileSync(file === '-' ? 0 : file, 'utf8').trim() } }),
  };
  const { evaluation_id: runId } = await ask((api) => api.POST('/v1/evaluations/runs', { body }));
  const run = await endOf(runId, waitS);
  print(json, run, () => runText(run));
  return exitCodeOf(run.verdict);
}
