import { describe, expect, it } from 'vitest';
import { hashingEmbedder } from '../../../schemas/contexts/memory/vectors.ts';
import type { UpgradeCheck } from '../../../schemas/generated/records.ts';
import { JOB_ID, TestJob } from '../../jobs/engine/testing.ts';
import { MemoryFiles } from '../../jobs/files/testing.ts';
import { schemaProblemsOf } from '../../tools/manifest/schema-problems.ts';
import { prepareCapsule } from '../signing.ts';
import { aManifest } from '../testing.ts';
import { capsuleUpgradeCheck } from './job.ts';
import type { UpgradePlan } from './plan.ts';
import { promptWith } from './prompt.ts';
import { type UpgradeReport, upgradeReport } from './report.ts';
import type { PastRun } from './what-if.ts';

const GRANT = ['agents:start:greeter', 'slm:invoke:default'];
const golden = Array.from({ length: 30 }, (_, nth) => ({
  ...{ name: `g${nth}`, input: { name: `n${nth}` }, expect: { pattern: 'hello' } },
}));
const of = (changes: object = {}) => prepareCapsule(aManifest({ golden, ...changes }));
const agent = (changes: object) => ({ agent: { ...(aManifest()['agent'] as object), ...changes } });
const from = of();
const install = { id: 'demo/greeter', place: 'demo/3' };

interface Asked {
  readonly prompt: string;
  readonly instructions: string;
  readonly tools: readonly string[];
  readonly limits: { readonly steps: number };
}

/** A platform for one check. */
class Bench {
  readonly files = new MemoryFiles();
  readonly kept: UpgradeCheck[] = [];
  readonly asked: Asked[] = [];
  past: readonly PastRun[] = [];

  async run(
    to: ReturnType<typeof of>,
    answer: (asked: Asked) => string | { readonly code: string },
    plan: Partial<UpgradePlan> = {},
    over: object = {},
  ) {
    const content = this.files.add(
      JSON.stringify({
        ...{ from: from.manifest, to: to.manifest, granted_before: GRANT, granted: GRANT, golden: null },
        ...{ margin: 0.1, repeats: 1, ...plan },
      }),
    );
    const parts = {
      ...{ problemsOf: schemaProblemsOf(), embedder: hashingEmbedder, calledTools: async () => [] },
      pastRuns: async (tenantId: string, installId: string) => {
        expect([tenantId, installId]).toEqual(['demo', install.id]);
        return this.past;
      },
      keepCheck: async (tenantId: string, place: string | null, installId: string, check: UpgradeCheck) => {
        expect([tenantId, place, installId]).toEqual(['demo', install.place, install.id]);
        this.kept.push(check);
      },
    };
    const test = new TestJob(capsuleUpgradeCheck(this.files, parts), { install, plan: content, ...over });
    for (;;) {
      const end = await test.run();
      if (end.outcome !== 'waiting') {
        if (end.output === null) return { end, output: null, report: null };
        const output = JSON.parse(end.output) as { readonly report: { readonly digest: string } };
        const text = this.files.contents.get(output.report.digest)?.toString() ?? 'null';
        return { end, output, report: JSON.parse(text) as UpgradeReport };
      }
      for (const [key, { request }] of [...test.waits]) {
        const asked = JSON.parse(request ?? '') as Asked;
        this.asked.push(asked);
        const given = answer(asked);
        if (typeof given !== 'string') test.resolve(null, key, [given.code, 'it failed']);
        else {
          const tokens = { prompt: 5, completion: 5 };
          test.resolve({ text: given, run_id: 'run-1', tokens, cost: '0.001', labels: [] }, key);
        }
      }
    }
  }
}

const next = of({ version: '1.1.0', ...agent({ instructions: 'Greet at length.' }) });
const isNext = ({ instructions }: Asked): boolean => instructions === 'Greet at length.';

describe('a check of an upgrade', () => {
  it('runs both versions as runs of the install, compares them, and looks at the past', async () => {
    const bench = new Bench();
    const prompt = promptWith(from.manifest, '{"name":7}');
    bench.past = [{ runId: 'r', prompt, steps: 1, tokens: 2, cost: '0.100000000', wallMs: 5, tools: [] }];
    const { report, output } = await bench.run(next, () => 'hello');
    expect(upgradeReport.parse(report)).toEqual(report);
    expect(bench.asked).toHaveLength(60);
    expect(bench.asked.filter(isNext)).toHaveLength(30);
    expect(bench.asked[0]).toMatchObject({
      ...{ prompt: 'Greet the person of the input.\n\n{"name":"n0"}', instructions: 'Greet briefly.', tools: [] },
      limits: { steps: from.manifest.agent.limits.steps },
    });
    expect(report).toMatchObject({
      ...{ check_id: JOB_ID, install: 'greeter', granted: GRANT },
      from: { capsule: 'demo/greeter@1.0.0', digest: from.digest },
      to: { capsule: 'demo/greeter@1.1.0', digest: next.digest },
      regression: { verdict: 'pass', passed: 30, tokens: 600, cost: 0.06, margin: 0.1 },
      what_if: { runs: 1, changed: 1, reasons: [{ code: 'CAPSULE_INPUT_INVALID', examples: ['r'] }] },
    });
    expect(bench.kept).toMatchObject([
      {
        ...{ checkId: JOB_ID, fromDigest: from.digest, digest: next.digest, verdict: 'pass', cases: 30, passed: 30 },
        ...{ pastRuns: 1, pastChanged: 1, granted: GRANT },
      },
    ]);
    expect(output).toMatchObject({ verdict: 'pass', report: bench.kept[0]?.report, past_changed: 1 });
  });

  it('regresses where the next version answers worse, or is refused', async () => {
    const worse = await new Bench().run(next, (asked) => (isNext(asked) ? 'good day' : 'hello'));
    expect(worse.report?.regression).toMatchObject({ verdict: 'regress', passed: 0 });
    const refused = await new Bench().run(next, (asked) => (isNext(asked) ? { code: 'POLICY_DENIED' } : 'hello'));
    expect(refused.report?.regression.verdict).toBe('regress');
    expect(refused.report?.regression.cases[0]).toMatchObject({ code: 'POLICY_DENIED', verdict: 'worse' });
  });

  it('is inconclusive with too few cases, and says how many are missing', async () => {
    const [first] = golden;
    const few = { from: prepareCapsule(aManifest({ golden: [first] })).manifest };
    const { report } = await new Bench().run(of({ version: '1.1.0', golden: [] }), () => 'hello', few);
    expect(report?.regression).toMatchObject({ verdict: 'inconclusive', more_cases: 28 });
  });

  it('does not ask for what the next schema or the grant refuses: that is the answer', async () => {
    const input = { type: 'object', properties: { name: { type: 'integer' } }, required: ['name'] };
    const bench = new Bench();
    const narrower = of({ version: '2.0.0', input, golden: [] });
    const { report } = await bench.run(narrower, () => 'hello');
    expect(bench.asked).toHaveLength(30);
    expect(report?.regression).toMatchObject({
      verdict: 'regress',
      cases: [{ code: 'CAPSULE_INPUT_INVALID' }, ...Array.from({ length: 29 }, () => expect.anything())],
    });
    const lacking = await new Bench().run(next, () => 'hello', { granted: GRANT.slice(1) });
    expect(lacking.report?.regression.cases[0]?.code).toBe('CAPABILITY_MISSING');
    expect(lacking.report?.regression.verdict).toBe('regress');
  });

  it('names the digests of the manifests that it ran, whatever its input says, and is of its own tenant', async () => {
    const bench = new Bench();
    await bench.run(next, () => 'hello');
    const other = of({ version: '1.1.0', description: 'Another one' });
    await bench.run(other, () => 'hello');
    expect(bench.kept.map(({ digest }) => digest)).toEqual([next.digest, other.digest]);
    const elsewhere = { install: { id: 'acme/greeter', place: null } };
    expect((await bench.run(next, () => 'hello', {}, elsewhere)).end.code).toBe('JOB_INPUT_INVALID');
    expect((await bench.run(next, () => 'hello', { to: { kind: 'Capsule' } })).end.code).toBe('JOB_INPUT_INVALID');
  });
});
