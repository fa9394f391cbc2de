/** Runs workflows in memory: tools, children and signals answer at once, as the test says. */

import { schemaProblemsOf } from '../../../tools/manifest/schema-problems.ts';
import { TestJob } from '../../engine/testing.ts';
import { readWorkflow } from '../document.ts';
import { Jq } from '../expressions/jq.ts';
import { workflowRun } from '../job.ts';

type Answer = { readonly output: unknown } | { readonly code: string; readonly detail: string };
/** Returns what a wait of a kind is answered; undefined to leave it open. */
export type Answers = (wait: {
  readonly kind: string;
  readonly what: string;
  readonly request: unknown;
}) => Answer | undefined;

const jq = new Jq();
export const testPorts = { jq, problemsOf: schemaProblemsOf() };

/** Returns a job that runs a document; it is not started. */
export function workflowJob(text: string, input: unknown = null, workflows: readonly string[] = []): TestJob {
  const bundle = Object.fromEntries(
    workflows.map((each) => {
      const { document } = readWorkflow(each);
      return [`${document.document.namespace}/${document.document.name}`, document];
    }),
  );
  const { document } = readWorkflow(text);
  return new TestJob(workflowRun(testPorts), { workflow: document, workflows: bundle, input });
}

/** Ends the open waits as `answers` says. Returns whether there were any. */
export function answerAll(job: TestJob, answers: Answers): boolean {
  let some = false;
  for (const [key, { kind, childType, signal, request }] of [...job.waits]) {
    const what = childType ?? signal ?? '';
    const answer =
      kind === 'sleep' || kind === 'retry'
        ? { output: null }
        : answers({ kind, what, request: request === null ? null : (JSON.parse(request) as unknown) });
    if (answer === undefined) continue;
    some = true;
    if ('output' in answer) job.resolve(answer.output, key);
    else job.resolve(null, key, [answer.code, answer.detail]);
  }
  return some;
}

export const noAnswers: Answers = () => undefined;

/** Runs a job to its end. `commits`: the number of commits of each run that succeed, before the process dies. */
export async function ended(job: TestJob, answers: Answers = noAnswers, crashes: readonly number[] = []) {
  const left = [...crashes];
  for (let runs = 0; runs < 2_000; runs += 1) {
    const commits = left.shift();
    try {
      const end = await job.run(commits === undefined ? {} : { commits });
      if (end.outcome !== 'waiting') return end;
    } catch {
      // The process died: the next run has the journal of before.
      continue;
    }
    if (!answerAll(job, answers)) throw new Error(`the run waits for ${[...job.waits.keys()].join(', ')}`);
  }
  throw new Error('the run does not end');
}

/** Returns the output of a document. Throws what ended it otherwise. */
export async function outputOf(text: string, input: unknown = null, answers: Answers = noAnswers): Promise<unknown> {
  const end = await ended(workflowJob(text, input), answers);
  if (end.outcome !== 'completed') throw new Error(`${end.outcome} ${end.code}: ${end.detail}`);
  return JSON.parse(end.output ?? 'null') as unknown;
}
