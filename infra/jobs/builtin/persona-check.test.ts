import { describe, expect, it } from 'vitest';
import { hashingEmbedder } from '../../../schemas/contexts/memory/vectors.ts';
import type { Evaluation } from '../../../schemas/generated/records.ts';
import { goldenDocument } from '../../evaluations/golden-set.ts';
import type { EvaluationResult } from '../../evaluations/result.ts';
import type { RunInput } from '../../evaluations/start.ts';
import { schemaProblemsOf } from '../../tools/manifest/schema-problems.ts';
import { TestJob } from '../engine/testing.ts';
import { MemoryFiles } from '../files/testing.ts';
import { personaCheck } from './persona-check.ts';

interface Asked {
  readonly prompt: string;
  readonly seed: number | null;
  readonly system: string;
  readonly tools?: readonly string[];
}
type Answer = string | { readonly code: string } | { readonly calls: readonly string[]; readonly text: string };

const persona = {
  ...{ name: 'clerk', version: 3, instructions: 'Answer with the hours.', temperature: 0.2 },
  ...{ model: null, max_tokens: 64 },
};

/** A platform for runs of one golden set. */
class Bench {
  readonly files = new MemoryFiles();
  readonly kept: Evaluation[] = [];
  readonly asked: Asked[] = [];
  #baseline: RunInput['baseline'] = null;
  #calls: readonly string[] = [];

  /** Runs a document; `answer` gives each prompt its answer, the code of its failure, or calls of tools. */
  async run(document: object, answer: (asked: Asked) => Answer, over: Partial<RunInput> = {}) {
    const content = this.files.add(JSON.stringify(goldenDocument.parse(document)));
    const input: RunInput = {
      ...{ golden_set: { id: 'demo/hours', version: 2, place: 'demo/1', content }, persona, baseline: this.#baseline },
      ...{ cause: 'manual', principal: 'key:1', models_digest: 'f'.repeat(64), prices: { m: '100' }, ...over },
    };
    const parts = {
      ...{ problemsOf: schemaProblemsOf(), embedder: hashingEmbedder, calledTools: async () => this.#calls },
      keepVerdict: async (tenantId: string, place: string | null, id: string, run: Evaluation) => {
        expect([tenantId, place, id]).toEqual(['demo', 'demo/1', 'demo/hours']);
        this.kept.push(run);
      },
    };
    const test = new TestJob(personaCheck(this.files, parts), input);
    for (;;) {
      const end = await test.run();
      if (end.outcome !== 'waiting') {
        if (end.output === null) return { end, result: null, output: null };
        const output = JSON.parse(end.output) as { readonly result: { readonly digest: string } };
        const text = this.files.contents.get(output.result.digest)?.toString() ?? 'null';
        return { end, output, result: JSON.parse(text) as EvaluationResult };
      }
      for (const [key, { request, kind }] of [...test.waits]) this.#resolve(test, key, kind, request ?? '', answer);
    }
  }

  #resolve(test: TestJob, key: string, kind: string, request: string, answer: (asked: Asked) => Answer): void {
    type Wire = {
      prompt: string;
      earlier?: { content: string }[];
      sampling?: { seed?: number };
      tools?: string[];
      instructions?: string;
    };
    const { prompt, earlier, sampling, tools, instructions } = JSON.parse(request) as Wire;
    const asked = {
      prompt,
      seed: sampling?.seed ?? null,
      system: instructions ?? earlier?.[0]?.content ?? '',
      ...(tools && { tools }),
    };
    this.asked.push(asked);
    const given = answer(asked);
    if (typeof given === 'object' && 'code' in given) {
      test.resolve(null, key, [given.code, 'it failed']);
      return;
    }
    const text = typeof given === 'string' ? given : given.text;
    const tokens = { prompt: 10, completion: 10 };
    if (kind !== 'agent') {
      test.resolve({ text, model: 'm', finish_reason: 'stop', tokens }, key);
      return;
    }
    this.#calls = typeof given === 'string' ? [] : given.calls;
    test.resolve({ text, run_id: 'run-1', tokens, cost: '0.002', labels: [] }, key);
  }

  /** Compares later runs with a result. */
  compareWith({ output, result }: { output: unknown; result: EvaluationResult | null }): void {
    const { result: content } = output as { readonly result: NonNullable<RunInput['baseline']>['result'] };
    this.#baseline = { run_id: result?.evaluation_id ?? '', result: content };
  }
}

const hours = (cases: number, over: object = {}) => ({
  ...{ persona: 'clerk', scorers: [{ kind: 'exact' }] },
  cases: Array.from({ length: cases }, (_, n) => ({
    case_id: `c${n}`,
    prompt: `hours of ${n}`,
    expect: { text: 'nine' },
  })),
  ...over,
});

describe('a run of a golden set', () => {
  it('asks with the instructions of the persona and a seed of the case, and keeps its verdict and its result', async () => {
    const bench = new Bench();
    const { result, output } = await bench.run(hours(12, { repeats: 2 }), () => 'nine');
    expect(bench.asked).toHaveLength(24);
    expect(bench.asked.every(({ system }) => system === persona.instructions)).toBe(true);
    expect(new Set(bench.asked.map(({ seed }) => seed)).size).toBe(24);
    expect(result).toMatchObject({
      ...{ verdict: 'inconclusive', detail: 'There is no baseline to compare with.', baseline: null, tokens: 480 },
      ...{
        golden_set: { name: 'hours', version: 2 },
        persona: { name: 'clerk', version: 3 },
        models: ['m'],
        cost: 0.048,
      },
    });
    expect(result?.scorers).toMatchObject([{ name: 'exact', value: 1, pass_at_k: 1, pass_hat_k: 1, compared: null }]);
    expect(bench.kept).toMatchObject([{ verdict: 'inconclusive', cases: 12, passed: 12, tokens: 480 }]);
    expect(output).toMatchObject({ golden_set: 'hours', verdict: 'inconclusive', result: bench.kept[0]?.result });
  });

  it('passes where answers stay, regresses where they become worse, and improves where they become better', async () => {
    const bench = new Bench();
    const good = await bench.run(hours(30), () => 'nine');
    bench.compareWith(good);
    const seeds = bench.asked.map(({ seed }) => seed);
    expect((await bench.run(hours(30), () => 'nine')).result?.verdict).toBe('pass');
    expect(bench.asked.slice(30).map(({ seed }) => seed)).toEqual(seeds);
    const half = ({ prompt }: Asked) => (Number(prompt.split(' ').at(-1)) % 2 === 0 ? 'nine' : 'ten');
    const bad = await bench.run(hours(30), half);
    expect(bad.result).toMatchObject({ verdict: 'regress', detail: 'Worse than the baseline by exact.' });
    expect(bad.result?.cases.filter(({ verdict }) => verdict === 'worse')).toHaveLength(15);
    expect(bad.result?.scorers[0]?.compared).toMatchObject({ worse: 15, better: 0, verdict: 'regress' });
    bench.compareWith(bad);
    expect((await bench.run(hours(30), () => 'nine')).result?.verdict).toBe('improve');
  });

  it('says how many cases are missing, and compares equal cases alone', async () => {
    const bench = new Bench();
    bench.compareWith(await bench.run(hours(5), () => 'nine'));
    expect((await bench.run(hours(5), () => 'nine')).result).toMatchObject({ verdict: 'inconclusive', more_cases: 24 });
    const more = await bench.run(hours(30), () => 'nine');
    expect(more.result?.cases.map(({ verdict }) => verdict).filter((each) => each === 'new')).toHaveLength(25);
    expect(more.result?.scorers[0]?.compared?.cases).toBe(5);
  });

  it('knows refusals by policy from failures, and does not end with them', async () => {
    const document = {
      ...{ persona: 'clerk', scorers: [{ kind: 'verdict' }] },
      cases: [
        { case_id: 'bad', prompt: 'a bomb', expect: { verdict: 'deny', code: 'POLICY_DENIED' } },
        { case_id: 'good', prompt: 'the hours', expect: { verdict: 'allow' } },
        { case_id: 'broken', prompt: 'away', expect: { verdict: 'deny' } },
      ],
    };
    const codes: Record<string, Answer> = { 'a bomb': { code: 'POLICY_DENIED' }, away: { code: 'SLM_UNAVAILABLE' } };
    const { result } = await new Bench().run(document, ({ prompt }) => codes[prompt] ?? 'nine');
    expect(result?.cases.map(({ case_id, passed, code }) => [case_id, passed, code])).toEqual([
      ['bad', true, 'POLICY_DENIED'],
      ['good', true, null],
      ['broken', false, 'SLM_UNAVAILABLE'],
    ]);
  });

  it('runs cases with tools as an agent, and checks the sequence of calls', async () => {
    const document = {
      ...{ persona: 'clerk', tools: ['clock', 'door'], scorers: [{ kind: 'tools' }, { kind: 'cost' }] },
      cases: [{ case_id: 'open', prompt: 'open it', expect: { tools: ['clock', 'door'] } }],
    };
    const right = await new Bench().run(document, () => ({ calls: ['clock', 'door'], text: 'open' }));
    expect(right.result?.cases[0]).toMatchObject({ passed: true, values: { tools: [1], cost: [0.002] } });
    const wrong = await new Bench().run(document, () => ({ calls: ['door', 'clock'], text: 'open' }));
    expect(wrong.result?.cases[0]).toMatchObject({ passed: false, values: { tools: [0] } });
  });

  it('measures its judge by labels, and lets no verdict depend on a judge that does not agree with them', async () => {
    const labelled = [true, true, false, false].map((passes, n) => ({
      prompt: `p${n}`,
      answer: passes ? 'good' : 'bad',
      passes,
    }));
    const document = hours(30, { scorers: [{ kind: 'judge', rubric: 'The answer is good.', labelled }] });
    const judge =
      (fair: boolean) =>
      ({ prompt, system }: Asked) => {
        if (!system.startsWith('You judge')) return 'good';
        return fair ? (prompt.includes('Answer:\ngood') ? 'PASS' : 'FAIL') : 'PASS, of course.';
      };
    const fair = await new Bench().run(document, judge(true));
    expect(fair.result?.scorers[0]).toMatchObject({ kappa: 1, gate: true, value: 1 });
    const unfair = await new Bench().run(document, judge(false));
    expect(unfair.result?.scorers[0]).toMatchObject({ kappa: 0, gate: false, value: 1 });
  });

  it('is of its own tenant, and of a document that is what its digest says', async () => {
    const bench = new Bench();
    const content = bench.files.add(JSON.stringify(goldenDocument.parse(hours(1))));
    const other = { id: 'acme/hours', version: 1, place: null, content };
    expect((await bench.run(hours(1), () => 'nine', { golden_set: other })).end.code).toBe('JOB_INPUT_INVALID');
    bench.files.contents.set(content.digest, Buffer.alloc(content.bytes));
    const damaged = { ...other, id: 'demo/hours' };
    expect((await bench.run(hours(2), () => 'nine', { golden_set: damaged })).end.code).toBe('FILE_NOT_READABLE');
  });
});
