/** Plays the cases of a golden set in a job: asks, scores, and measures judges. */
import { type GoldenCase, type GoldenDocument, type Scorer, scorerName } from '../../evaluations/golden-set.ts';
import { ANSWER_CHARS_SHOWN, type CasePlayed, caseDigest } from '../../evaluations/report.ts';
import { type Answered, passes, type ScorerParts, scoreOf } from '../../evaluations/scorers.ts';
import { kappa } from '../../evaluations/statistics/several.ts';
import type { JobContext } from '../sdk/context.ts';
import { failureOf, JobError } from '../sdk/errors.ts';

/** An answer to a case. */
export type CaseAnswer = Omit<Answered, 'code' | 'latencyMs'>;

/** Cases, and who is asked. */
export interface GoldenRun {
  readonly document: GoldenDocument;
  readonly parts: ScorerParts;
  /** Asks for one answer to a case. A rejection is the answer of a failure, with its code. */
  ask(ctx: JobContext, given: GoldenCase, repeat: number): Promise<CaseAnswer>;
}

/** The calls of runs of agents. */
export interface AgentCalls {
  /** Resolves with the tools that a run of an agent called, in order; null when the read model does not have its end yet. */
  calledTools(tenantId: string, runId: string): Promise<readonly string[] | null>;
}

/** Longest wait for the calls of a run of an agent in the read model, in ms. */
const CALLS_STEP = { retry: { attempts: 30, firstDelayMs: 200, delayMaxMs: 2_000 } } as const;

/** Resolves with the tools that a run of an agent called, in order. Rejects with READ_MODEL_BEHIND. */
export const callsOf = (ctx: JobContext, { calledTools }: AgentCalls, runId: string): Promise<readonly string[]> =>
  ctx.step(
    'calls',
    async () => {
      const found = await calledTools(ctx.tenantId, runId);
      if (found === null) throw new JobError('READ_MODEL_BEHIND', `the calls of the run ${runId} are not there yet`);
      return found;
    },
    CALLS_STEP,
  );

/** Most prompts of a run at once. */
const LANES = 8;

const unanswered = { text: '', tools: [], tokens: 0, cost: 0, latencyMs: 0, model: null };

/** Asks for one answer to a case. Never rejects but when the job stops: a failure has its code. */
async function answered(ctx: JobContext, run: GoldenRun, given: GoldenCase, repeat: number): Promise<Answered> {
  const isTimed = run.document.scorers.some(({ kind }) => kind === 'latency');
  const began = isTimed ? ctx.now().getTime() : 0;
  try {
    const answer = await run.ask(ctx, given, repeat);
    return { ...answer, code: null, latencyMs: isTimed ? ctx.now().getTime() - began : 0 };
  } catch (error) {
    ctx.abortSignal.throwIfAborted();
    return { ...unanswered, code: failureOf(error, 'INFERENCE_FAILED').code };
  }
}

type Judge = Extract<Scorer, { readonly kind: 'judge' }>;

/** Asks a judge about an answer. Null for an answer of the judge that is neither PASS nor FAIL, and for a failure. */
async function judgedBy(ctx: JobContext, judge: Judge, prompt: string, answer: string): Promise<boolean | null> {
  const rubric = `You judge an answer by a rubric. Reply with PASS or FAIL alone.\nRubric: ${judge.rubric}`;
  try {
    const { text } = await ctx.model({
      prompt: `Question:\n${prompt}\n\nAnswer:\n${answer}\n\nPASS or FAIL?`,
      earlier: [{ role: 'system', content: rubric }],
      ...{ temperature: 0, seed: 0, maxTokens: 16, name: 'judge' },
      ...(judge.model !== undefined && { model: judge.model }),
    });
    const found = /\b(PASS|FAIL)\b/i.exec(text)?.[1]?.toUpperCase();
    return found === undefined ? null : found === 'PASS';
  } catch {
    ctx.abortSignal.throwIfAborted();
    return null;
  }
}

/** Returns the agreement of a judge with the labels of people. What it does not answer counts as a FAIL. */
async function agreementOf(ctx: JobContext, judge: Judge): Promise<number | null> {
  const counted = { bothPass: 0, bothFail: 0, onlyFirst: 0, onlySecond: 0 };
  for (const { prompt, answer, passes: label } of judge.labelled) {
    const isPass = (await judgedBy(ctx, judge, prompt, answer)) === true;
    if (label === isPass) counted[label ? 'bothPass' : 'bothFail'] += 1;
    else counted[label ? 'onlyFirst' : 'onlySecond'] += 1;
  }
  return kappa(counted);
}

/** Resolves with the agreement of each judge of a golden set with the labels of people, by the name of its scorer. */
export async function agreementsOf(
  ctx: JobContext,
  { scorers }: Pick<GoldenDocument, 'scorers'>,
): Promise<ReadonlyMap<string, number | null>> {
  const agreements = new Map<string, number | null>();
  for (const scorer of scorers)
    if (scorer.kind === 'judge') agreements.set(scorerName(scorer), await agreementOf(ctx, scorer));
  return agreements;
}

/** Runs a case: its repeats, each scored. */
async function rowOf(ctx: JobContext, run: GoldenRun, given: GoldenCase): Promise<CasePlayed> {
  const { document, parts } = run;
  const answers: Answered[] = [];
  const values: Record<string, (number | null)[]> = {};
  for (let repeat = 0; repeat < document.repeats; repeat += 1) {
    const answer = await answered(ctx, run, given, repeat);
    answers.push(answer);
    for (const scorer of document.scorers) {
      const isAsked = scorer.kind === 'judge' && answer.code === null;
      const judged = isAsked ? ((await judgedBy(ctx, scorer, given.prompt, answer.text)) ?? false) : null;
      const value = scoreOf(scorer, given, answer, {
        ...parts,
        judged: scorer.kind === 'judge' ? (judged ?? false) : null,
      });
      const name = scorerName(scorer);
      values[name] = [...(values[name] ?? []), value];
    }
  }
  const passed = document.scorers.every((scorer) => passes(scorer, values[scorerName(scorer)] ?? []) !== false);
  const row = {
    ...{ case_id: given.case_id, digest: caseDigest(given), cluster: given.cluster ?? given.case_id, passed, values },
    answer: (answers[0]?.text ?? '').slice(0, ANSWER_CHARS_SHOWN),
    code: answers.find(({ code }) => code !== null)?.code ?? null,
    tokens: answers.reduce((sum, { tokens }) => sum + tokens, 0),
  };
  const models = answers.flatMap(({ model }) => (model === null ? [] : [model]));
  return { row, models, cost: answers.reduce((sum, { cost }) => sum + cost, 0) };
}

/**
 * Runs all cases, some at once: each lane takes every n-th one, so that a run asks in the same order as the one before.
 * `progress`: percent of the job before the first case and after the last.
 */
export async function playAll(
  ctx: JobContext,
  run: GoldenRun,
  progress: { readonly from: number; readonly to: number } = { from: 0, to: 100 },
): Promise<readonly CasePlayed[]> {
  const { cases } = run.document;
  const played: CasePlayed[] = [];
  const lanes = Math.min(LANES, cases.length);
  let done = 0;
  await ctx.all(
    Array.from({ length: lanes }, (_, lane) => async (branch: JobContext) => {
      for (let at = lane; at < cases.length; at += lanes) {
        played[at] = await rowOf(branch, run, cases[at] as GoldenCase);
        done += 1;
        ctx.progress(
          progress.from + ((progress.to - progress.from) * done) / cases.length,
          `${done} of ${cases.length} cases`,
        );
      }
    }),
  );
  return played;
}
