/** Runs a golden set, compares the run with its baseline, and keeps the verdict. */
import { z } from 'zod';
import {
  EVALUATION_SETTLE_MS,
  goldenSetName,
  PERSONA_CHECK,
  PERSONA_RECHECK,
} from '../../../schemas/contexts/evaluations.ts';
import type { Evaluation } from '../../../schemas/generated/records.ts';
import { type GoldenCase, type GoldenDocument, goldenDocument } from '../../evaluations/golden-set.ts';
import { type CasePlayed, costOf, runReportOf } from '../../evaluations/report.ts';
import { type EvaluationResult, evaluationResult } from '../../evaluations/result.ts';
import type { ScorerParts } from '../../evaluations/scorers.ts';
import { type PersonaInput, personaDigest, type RunInput, runInput } from '../../evaluations/start.ts';
import { seedFrom } from '../../evaluations/statistics/random.ts';
import { contentText } from '../files/content-text.ts';
import type { JobFiles } from '../files/port.ts';
import type { JobContext } from '../sdk/context.ts';
import { JobError } from '../sdk/errors.ts';
import { type Job, job } from '../sdk/job.ts';
import { type AgentCalls, agreementsOf, callsOf, playAll } from './golden-run.ts';

/** What a run needs beside its job. */
export interface EvaluationParts extends ScorerParts, AgentCalls {
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

const KEEP_STEP = { retry: { attempts: 10, firstDelayMs: 1_000, delayMaxMs: 60_000 } } as const;

interface Run {
  readonly input: RunInput;
  readonly document: GoldenDocument;
  readonly parts: EvaluationParts;
}

const priceOf = (prices: RunInput['prices'], model: string | null): number =>
  Number((model === null ? undefined : prices[model]) ?? Object.values(prices)[0] ?? 0);

/** Asks for one answer to a case. Seeds derive from ids, so that both runs of a pair agree. */
async function answerOf(ctx: JobContext, { input, document, parts }: Run, given: GoldenCase, repeat: number) {
  const { persona, prices } = input;
  const maxTokens = document.max_tokens ?? persona.max_tokens ?? undefined;
  const common = {
    ...(persona.model !== null && { model: persona.model }),
    ...(maxTokens !== undefined && { maxTokens }),
  };
  const answer =
    document.tools.length > 0
      ? await byAgent(ctx, { parts, persona, tools: document.tools, prompt: given.prompt, common })
      : await byModel(ctx, given, persona, { ...common, seed: seedFrom(`${given.case_id}/${repeat}`) });
  const cost = answer.cost ?? (answer.tokens * priceOf(prices, persona.model ?? answer.model)) / 1_000_000;
  return { ...answer, cost };
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
  const called = await callsOf(ctx, parts, runId);
  return { text, model: persona.model, tools: called, tokens: tokens.prompt + tokens.completion, cost: Number(cost) };
}

interface Ended {
  readonly played: readonly CasePlayed[];
  readonly before: EvaluationResult | null;
  readonly runId: string;
  readonly endedAt: string;
  readonly agreements: ReadonlyMap<string, number | null>;
}

function resultOf({ document, input }: Run, { played, before, runId, endedAt, agreements }: Ended): EvaluationResult {
  const rows = played.map(({ row }) => row);
  const seed = `${input.golden_set.content.digest}/${runId}`;
  const compared = { before: before?.cases ?? null, seed, agreements };
  const { verdict, detail, moreCases: more_cases, scorers, cases } = runReportOf(document, rows, compared);
  const { golden_set: set, persona, baseline } = input;
  return {
    ...{ evaluation_id: runId, cause: input.cause, repeats: document.repeats, verdict, detail, more_cases },
    golden_set: { name: goldenSetName(set.id), version: set.version, digest: set.content.digest },
    persona: { name: persona.name, version: persona.version, digest: personaDigest(persona) },
    models: [...new Set(played.flatMap(({ models }) => models))].sort(),
    baseline: baseline === null ? null : { evaluation_id: baseline.run_id, digest: baseline.result.digest },
    tokens: rows.reduce((sum, { tokens }) => sum + tokens, 0),
    cost: costOf(played),
    ended_at: endedAt,
    ...{ scorers: [...scorers], cases: [...cases] },
  };
}

async function check(ctx: JobContext, files: JobFiles, parts: EvaluationParts, input: RunInput) {
  const { tenantId, jobId: runId } = ctx;
  const { golden_set: set, baseline, persona } = input;
  if (!set.id.startsWith(`${tenantId}/`))
    throw new JobError('JOB_INPUT_INVALID', `there is no golden set ${set.id}`, { retryable: false });
  const document = goldenDocument.parse(JSON.parse(await contentText(files, tenantId, set.content)));
  const before =
    baseline === null ? null : evaluationResult.parse(JSON.parse(await contentText(files, tenantId, baseline.result)));
  const run: Run = { input, document, parts };
  const agreements = await agreementsOf(ctx, document);
  const played = await playAll(ctx, {
    ...{ document, parts },
    ask: (branch, given, repeat) => answerOf(branch, run, given, repeat),
  });
  const endedAt = ctx.now().toISOString();
  const result = resultOf(run, { played, before, runId, endedAt, agreements });
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
