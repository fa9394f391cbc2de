/** Runs a golden set, compares the run with its baseline, and keeps the verdict. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  EVALUATION_SETTLE_MS,
  goldenSetName,
  PERSONA_CHECK,
  PERSONA_RECHECK,
} from '../../../schemas/contexts/evaluations.ts';
import type { Evaluation } from '../../../schemas/generated/records.ts';
import { CONFIDENCE, comparisonsOf, verdictOver } from '../../evaluations/compare.ts';
import {
  type GoldenCase,
  type GoldenDocument,
  goldenDocument,
  type Scorer,
  scorerName,
} from '../../evaluations/golden-set.ts';
import { type CaseRow, type EvaluationResult, evaluationResult, type ScorerReport } from '../../evaluations/result.ts';
import { type Answered, measureOf, passes, type ScorerParts, scoreOf } from '../../evaluations/scorers.ts';
import { type PersonaInput, personaDigest, type RunInput, runInput } from '../../evaluations/start.ts';
import { wilson } from '../../evaluations/statistics/intervals.ts';
import { seedFrom } from '../../evaluations/statistics/random.ts';
import { kappa, passAtK, passHatK } from '../../evaluations/statistics/several.ts';
import { gather } from '../../kit/gather.ts';
import type { JobFiles } from '../files/port.ts';
import type { JobContext } from '../sdk/context.ts';
import { failureOf, JobError } from '../sdk/errors.ts';
import { type Job, job } from '../sdk/job.ts';

/** What a run needs beside its job. */
export interface EvaluationParts extends ScorerParts {
  /** Resolves with the tools that a run of an agent called, in order; null when the read model does not have its end yet. */
  calledTools(tenantId: string, runId: string): Promise<readonly string[] | null>;
  /** Appends the verdict of a run, for the history of its golden set. A repeat changes nothing. */
  keepVerdict(tenantId: string, place: string | null, goldenSetId: string, run: Evaluation): Promise<void>;
}

const output = z.object({
  golden_set: z.string(),
  verdict: evaluationResult.shape.verdict,
  detail: z.string(),
  more_cases: z.int().nullable(),
  passed: z.int(),
  cases: z.int(),
  tokens: z.int(),
  result: z.object({ digest: z.string(), bytes: z.int(), pieces: z.int() }),
});

/** Most prompts of a run at once. */
const LANES = 8;
const ANSWER_CHARS_SHOWN = 500;
/** Longest wait for the calls of a run of an agent in the read model, in ms. */
const CALLS_STEP = { retry: { attempts: 30, firstDelayMs: 200, delayMaxMs: 2_000 } } as const;
const KEEP_STEP = { retry: { attempts: 10, firstDelayMs: 1_000, delayMaxMs: 60_000 } } as const;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** Returns the digest of a case: where it comes from is no part of it. */
const caseDigest = ({ source: _, ...rest }: GoldenCase): string => sha256(JSON.stringify(rest));

interface Run {
  readonly input: RunInput;
  readonly document: GoldenDocument;
  readonly parts: EvaluationParts;
}

async function textOf(files: JobFiles, tenantId: string, content: RunInput['golden_set']['content']): Promise<string> {
  const bytes = Buffer.concat(await gather(files.read(tenantId, content)));
  if (createHash('sha256').update(bytes).digest('hex') === content.digest) return bytes.toString();
  throw new JobError('FILE_NOT_READABLE', `the content ${content.digest} is damaged`);
}

const priceOf = (prices: RunInput['prices'], model: string | null): number =>
  Number((model === null ? undefined : prices[model]) ?? Object.values(prices)[0] ?? 0);

const unanswered = { text: '', tools: [], tokens: 0, cost: 0, latencyMs: 0, model: null };

/** Asks for one answer to a case. Never rejects: a failure has its code. Seeds derive from ids, so that both runs of a pair agree. */
async function answered(ctx: JobContext, { input, document, parts }: Run, given: GoldenCase, repeat: number) {
  const { persona, prices } = input;
  const isTimed = document.scorers.some(({ kind }) => kind === 'latency');
  const began = isTimed ? ctx.now().getTime() : 0;
  const maxTokens = document.max_tokens ?? persona.max_tokens ?? undefined;
  const common = {
    ...(persona.model !== null && { model: persona.model }),
    ...(maxTokens !== undefined && { maxTokens }),
  };
  try {
    const answer =
      document.tools.length > 0
        ? await byAgent(ctx, { parts, persona, tools: document.tools, prompt: given.prompt, common })
        : await byModel(ctx, given, persona, { ...common, seed: seedFrom(`${given.case_id}/${repeat}`) });
    const cost = answer.cost ?? (answer.tokens * priceOf(prices, persona.model ?? answer.model)) / 1_000_000;
    return { ...answer, cost, code: null, latencyMs: isTimed ? ctx.now().getTime() - began : 0 };
  } catch (error) {
    ctx.abortSignal.throwIfAborted();
    return { ...unanswered, code: failureOf(error, 'INFERENCE_FAILED').code };
  }
}

interface Common {
  readonly model?: string;
  readonly maxTokens?: number;
}

async function byModel(
  ctx: JobContext,
  { prompt, earlier }: GoldenCase,
  { instructions, temperature }: PersonaInput,
  sampling: Common & { readonly seed: number },
) {
  const messages = [{ role: 'system' as const, content: instructions }, ...earlier];
  const { text, tokens, model } = await ctx.model({ prompt, earlier: messages, temperature, ...sampling });
  return { text, model, tools: [], tokens: tokens.prompt + tokens.completion, cost: null };
}

interface AgentCase {
  readonly parts: EvaluationParts;
  readonly persona: PersonaInput;
  readonly tools: readonly string[];
  readonly prompt: string;
  readonly common: Common;
}

async function byAgent(ctx: JobContext, { parts, persona, tools, prompt, common }: AgentCase) {
  const asked = { prompt, agent: persona.name, instructions: persona.instructions, tools, ...common };
  const { text, tokens, cost, run_id: runId } = await ctx.agent(asked);
  const called = await ctx.step(
    'calls',
    async () => {
      const found = await parts.calledTools(ctx.tenantId, runId);
      if (found === null) throw new JobError('READ_MODEL_BEHIND', `the calls of the run ${runId} are not there yet`);
      return found;
    },
    CALLS_STEP,
  );
  return { text, model: persona.model, tools: called, tokens: tokens.prompt + tokens.completion, cost: Number(cost) };
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

/** Runs a case: its repeats, each scored. */
async function rowOf(ctx: JobContext, run: Run, given: GoldenCase) {
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
  const row: Omit<CaseRow, 'verdict'> = {
    ...{ case_id: given.case_id, digest: caseDigest(given), cluster: given.cluster ?? given.case_id, passed, values },
    answer: (answers[0]?.text ?? '').slice(0, ANSWER_CHARS_SHOWN),
    code: answers.find(({ code }) => code !== null)?.code ?? null,
    tokens: answers.reduce((sum, { tokens }) => sum + tokens, 0),
  };
  const models = answers.flatMap(({ model }) => (model === null ? [] : [model]));
  return { row, models, cost: answers.reduce((sum, { cost }) => sum + cost, 0) };
}

type Played = Awaited<ReturnType<typeof rowOf>>;

/** Runs all cases, some at once: each lane takes every n-th one, so that a run asks in the same order as the one before. */
async function playAll(ctx: JobContext, run: Run): Promise<readonly Played[]> {
  const { cases } = run.document;
  const played: Played[] = [];
  const lanes = Math.min(LANES, cases.length);
  let done = 0;
  await ctx.all(
    Array.from({ length: lanes }, (_, lane) => async (branch: JobContext) => {
      for (let at = lane; at < cases.length; at += lanes) {
        played[at] = await rowOf(branch, run, cases[at] as GoldenCase);
        done += 1;
        ctx.progress((100 * done) / cases.length, `${done} of ${cases.length} cases`);
      }
    }),
  );
  return played;
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;

/** Returns what a scorer says of a run alone. */
function reportOf(
  scorer: Scorer,
  rows: readonly Pick<CaseRow, 'values'>[],
  { repeats, agreement }: { readonly repeats: number; readonly agreement: number | null },
): Omit<ScorerReport, 'compared'> {
  const name = scorerName(scorer);
  const all = rows.map(({ values }) => values[name] ?? []);
  const known = all.map((values) => values.filter((each) => each !== null)).filter((values) => values.length > 0);
  const verdicts = all.map((values) => passes(scorer, values)).filter((each) => each !== null);
  const passed = verdicts.filter(Boolean).length;
  const isPasses = measureOf(scorer) === 'passes';
  const bounds = isPasses && verdicts.length > 0 ? wilson(passed, verdicts.length, CONFIDENCE) : null;
  const least = scorer.kind === 'cosine' ? scorer.least : 1;
  const ofK = (chance: typeof passAtK): number | null =>
    measureOf(scorer) === 'amount'
      ? null
      : mean(
          known.map((values) =>
            chance(values.length, values.filter((each) => each >= least).length, Math.min(repeats, values.length)),
          ),
        );
  const isTrusted = scorer.kind !== 'judge' || (agreement ?? -1) >= scorer.kappa_min;
  return {
    ...{ name, kind: scorer.kind, gate: scorer.gate && isTrusted, cases: known.length, kappa: agreement },
    value: isPasses
      ? verdicts.length === 0
        ? null
        : passed / verdicts.length
      : mean(known.map((each) => mean(each) ?? 0)),
    ...{ low: bounds?.low ?? null, high: bounds?.high ?? null, pass_at_k: ofK(passAtK), pass_hat_k: ofK(passHatK) },
  };
}

/** Returns how a case compares with the same case of the baseline: by the mean of its passes. */
function caseVerdict(
  document: GoldenDocument,
  row: Omit<CaseRow, 'verdict'>,
  before: CaseRow | undefined,
): CaseRow['verdict'] {
  if (before === undefined || before.digest !== row.digest) return 'new';
  const passed = (of: Pick<CaseRow, 'values'>): number =>
    document.scorers.filter((scorer) => passes(scorer, of.values[scorerName(scorer)] ?? []) === true).length;
  const difference = passed(row) - passed(before);
  return difference === 0 ? 'same' : difference < 0 ? 'worse' : 'better';
}

function resultOf(
  run: Run,
  played: readonly Played[],
  before: EvaluationResult | null,
  {
    runId,
    endedAt,
    agreements,
  }: { readonly runId: string; readonly endedAt: string; readonly agreements: ReadonlyMap<string, number | null> },
): EvaluationResult {
  const { document, input } = run;
  const rows = played.map(({ row }) => row);
  const { scorers, repeats, margin } = document;
  const reports = scorers.map((scorer) =>
    reportOf(scorer, rows, { repeats, agreement: agreements.get(scorerName(scorer)) ?? null }),
  );
  const tested = scorers.map((scorer, at) => ({ scorer, name: scorerName(scorer), gates: reports[at]?.gate === true }));
  const seed = `${input.golden_set.content.digest}/${runId}`;
  const compared = before === null ? [] : comparisonsOf(tested, before.cases, rows, { margin, seed });
  const withCompared = reports.map((report, at) => ({ ...report, compared: compared[at] ?? null }));
  const { verdict, detail, moreCases } = verdictOver(withCompared, before !== null);
  const known = new Map(before?.cases.map((row) => [row.case_id, row]));
  const { golden_set: set, persona, baseline } = input;
  return {
    ...{
      evaluation_id: runId,
      cause: input.cause,
      repeats,
      verdict,
      detail,
      more_cases: moreCases,
      scorers: withCompared,
    },
    golden_set: { name: goldenSetName(set.id), version: set.version, digest: set.content.digest },
    persona: { name: persona.name, version: persona.version, digest: personaDigest(persona) },
    models: [...new Set(played.flatMap(({ models }) => models))].sort(),
    baseline: baseline === null ? null : { evaluation_id: baseline.run_id, digest: baseline.result.digest },
    tokens: rows.reduce((sum, { tokens }) => sum + tokens, 0),
    // Nine fraction digits, as amounts in the log have.
    cost: Math.round(played.reduce((sum, { cost }) => sum + cost, 0) * 1e9) / 1e9,
    ended_at: endedAt,
    cases: rows.map((row) => ({ ...row, verdict: caseVerdict(document, row, known.get(row.case_id)) })),
  };
}

async function check(ctx: JobContext, files: JobFiles, parts: EvaluationParts, input: RunInput) {
  const { tenantId, jobId: runId } = ctx;
  const { golden_set: set, baseline, persona } = input;
  if (!set.id.startsWith(`${tenantId}/`))
    throw new JobError('JOB_INPUT_INVALID', `there is no golden set ${set.id}`, { retryable: false });
  const document = goldenDocument.parse(JSON.parse(await textOf(files, tenantId, set.content)));
  const before =
    baseline === null ? null : evaluationResult.parse(JSON.parse(await textOf(files, tenantId, baseline.result)));
  const run: Run = { input, document, parts };
  const agreements = new Map<string, number | null>();
  for (const scorer of document.scorers)
    if (scorer.kind === 'judge') agreements.set(scorerName(scorer), await agreementOf(ctx, scorer));
  const played = await playAll(ctx, run);
  const endedAt = ctx.now().toISOString();
  const result = resultOf(run, played, before, { runId, endedAt, agreements });
  const passed = result.cases.filter((row) => row.passed).length;
  const kept = await ctx.step(
    'keep',
    async () => {
      async function* bytes() {
        yield Buffer.from(JSON.stringify(result));
      }
      const content = await files.keep(tenantId, bytes);
      await parts.keepVerdict(tenantId, set.place, set.id, {
        ...{ runId, persona: persona.name, personaVersion: persona.version, setVersion: set.version },
        ...{ setDigest: set.content.digest, baselineRunId: baseline?.run_id ?? null, verdict: result.verdict },
        ...{ detail: result.detail, moreCases: result.more_cases, cause: input.cause, models: result.models },
        ...{ modelsDigest: input.models_digest, cases: result.cases.length, repeats: document.repeats, passed },
        ...{ tokens: result.tokens, result: content, principal: input.principal },
      });
      return content;
    },
    KEEP_STEP,
  );
  return {
    ...{ golden_set: goldenSetName(set.id), verdict: result.verdict, detail: result.detail, passed, result: kept },
    ...{ more_cases: result.more_cases, cases: result.cases.length, tokens: result.tokens },
  };
}

type Check = Job<typeof runInput, typeof output>;

/** Returns the job that runs a golden set when it is asked for. */
export const personaCheck = (files: JobFiles, parts: EvaluationParts): Check =>
  job({
    ...{
      name: PERSONA_CHECK,
      version: 1,
      title: 'Run a golden set and compare it with its baseline',
      input: runInput,
      output,
    },
    run: (ctx, input) => check(ctx, files, parts, input),
  });

/** Returns the job that runs a golden set after a change: one for all changes that come close together. */
export const personaRecheck = (files: JobFiles, parts: EvaluationParts): Check =>
  job({
    ...{ name: PERSONA_RECHECK, version: 1, title: 'Run a golden set after a change', input: runInput, output },
    debounce: { periodMs: EVALUATION_SETTLE_MS },
    run: (ctx, input) => check(ctx, files, parts, input),
  });
