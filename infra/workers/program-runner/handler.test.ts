import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROGRAM_PRINTED_BYTES_MAX, PROGRAM_SNAPSHOT_CHARS_MAX } from '../../../schemas/contexts/agents.ts';
import { payloadName } from '../../../schemas/contexts/jobs/payload.ts';
import {
  type ProgramSegmentEnded,
  type RunProgramSegment,
  runProgramSegment,
} from '../../../schemas/generated/records.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import type { AnyRecord, WorkContext } from '../../../streams/kernel.ts';
import { SandboxError } from '../../sandbox/errors.ts';
import { runSegment } from '../../sandbox/run-segment.ts';
import { createProgramRunner, type ProgramRunnerParts, type SnapshotContents } from './handler.ts';

/** The worker with Monty; each segment runs in a process of its own. */
class Worker {
  /** Contents by the name that records have. */
  readonly kept = new Map<string, string>();
  #step = 0;
  readonly #run: ProgramRunnerParts['run'];

  constructor(run: typeof runSegment = runSegment) {
    this.#run = run;
  }

  readonly #contents: SnapshotContents = {
    keep: async (_tenantId, json) => {
      const digest = createHash('sha256').update(json).digest('hex');
      const name = payloadName({ digest, bytes: Buffer.byteLength(json) });
      this.kept.set(name, json);
      return name;
    },
    read: async (_tenantId, content) => this.kept.get(payloadName(content)) ?? expect.unreachable(content.digest),
  };

  async segment(changes: Partial<RunProgramSegment>): Promise<ProgramSegmentEnded> {
    this.#step += 1;
    const step = this.#step;
    const work = runProgramSegment({
      ...{ runId: 'run', requestId: `run/${step}`, step, code: null, input: '', snapshot: null, answer: null },
      ...{ error: null, functions: [{ name: 'weather', parameters: ['city', 'day'] }], ...changes },
    });
    const ends: AnyRecord[] = [];
    const context = {
      ...{ meta: metaFor(work), attempt: 1, signal: new AbortController().signal },
      end: (...records: AnyRecord[]) => void ends.push(...records),
    } as unknown as WorkContext;
    const worker = createProgramRunner({ contents: this.#contents, run: this.#run ?? runSegment, now: () => 0 });
    await worker.handle(work, context);
    expect(ends.map(({ type }) => type)).toEqual(['ProgramSegmentEnded']);
    return ends[0]?.data as ProgramSegmentEnded;
  }
}

describe('a segment', () => {
  it('ends at a call with the arguments by name and a snapshot, from which the next one goes on', async () => {
    const worker = new Worker();
    const code = 'print(input)\nfirst = weather("Cusco", day=2)\nsecond = weather(city="Lima")\n[first, second["c"]]';
    const one = await worker.segment({ code, input: 'hello' });
    expect(one).toMatchObject({ outcome: 'paused', function: 'weather', printed: 'hello\n', value: null });
    expect(JSON.parse(one.arguments ?? '')).toEqual({ city: 'Cusco', day: 2 });
    expect(one.interpreter).toMatch(/^Monty /);
    const two = await worker.segment({ snapshot: one.snapshot, answer: '[1,null,{"a":true}]' });
    expect([two.outcome, two.arguments, two.printed]).toEqual(['paused', '{"city":"Lima"}', '']);
    // The same snapshot with another answer: a fork.
    const answers = await Promise.all(
      [1, 2].map((c) => worker.segment({ snapshot: two.snapshot, answer: JSON.stringify({ c }) })),
    );
    expect(answers.map(({ outcome, value }) => [outcome, value])).toEqual([
      ['completed', '[[1,null,{"a":true}],1]'],
      ['completed', '[[1,null,{"a":true}],2]'],
    ]);
  }, 60_000);

  it('runs the program of the how-to page', async () => {
    const worker = new Worker();
    const code = readFileSync(new URL('../../../docs/examples/two-cities.py', import.meta.url), 'utf8');
    const one = await worker.segment({ code, input: 'Cusco, Lima, Puno' });
    const two = await worker.segment({ snapshot: one.snapshot, answer: '{"celsius":14}' });
    const three = await worker.segment({ snapshot: two.snapshot, error: 'TOOL_FAILED: no' });
    expect([three.arguments, three.printed]).toEqual([
      ...['{"city":"Puno"}', 'no weather of Lima because TOOL_FAILED: no\n'],
    ]);
    const end = await worker.segment({ snapshot: three.snapshot, answer: '{"celsius":-4}' });
    expect(JSON.parse(end.value ?? '')).toEqual({ city: 'Puno', celsius: -4 });
  }, 60_000);

  it('raises what a call ended with, and what is wrong with the call itself', async () => {
    const worker = new Worker();
    const code =
      'said = []\nfor call in [lambda: weather(1, 2, 3), lambda: weather(1, city=2), lambda: nothing(), lambda: weather("Lima")]:\n  try:\n    call()\n  except Exception as e:\n    said.append(str(e))\nsaid';
    const one = await worker.segment({ code });
    expect(one).toMatchObject({ outcome: 'paused', arguments: '{"city":"Lima"}' });
    const two = await worker.segment({ snapshot: one.snapshot, error: 'POLICY_DENIED: no' });
    expect(JSON.parse(two.value ?? '')).toEqual([
      'weather() takes 2 positional arguments but 3 were given',
      "weather() got multiple values for argument 'city'",
      "name 'nothing' is not defined",
      'POLICY_DENIED: no',
    ]);
  }, 60_000);

  it('ends with an error of the program as its result: of Python, of the outside, and of its limits', async () => {
    const worker = new Worker();
    const codes = ['1 / 0', 'def (', 'open("/etc/passwd")', 'x = "y"\nwhile True:\n  x = x + x'];
    const ends = await Promise.all(codes.map((code) => worker.segment({ code })));
    expect(ends.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['failed', 'SANDBOX_PROGRAM_FAILED'],
      ['failed', 'SANDBOX_PROGRAM_FAILED'],
      ['failed', 'SANDBOX_PROGRAM_FAILED'],
      ['failed', 'SANDBOX_MEMORY_EXCEEDED'],
    ]);
  }, 60_000);

  it('keeps a long snapshot as a content and its name in the record, and cuts what is printed', async () => {
    const worker = new Worker();
    const code = `text = "${'x'.repeat(100)}" * 2000\nprint(text)\nlen(text) + weather("Cusco")`;
    const one = await worker.segment({ code });
    expect(one.snapshot).toMatch(/^ni:\/\/\/sha-256;/);
    expect(Buffer.byteLength(one.printed)).toBe(PROGRAM_PRINTED_BYTES_MAX);
    expect(worker.kept.get(one.snapshot ?? '')?.length).toBeGreaterThan(PROGRAM_SNAPSHOT_CHARS_MAX);
    const two = await worker.segment({ snapshot: one.snapshot, answer: '1' });
    expect([two.outcome, two.value]).toEqual(['completed', '200001']);
  }, 60_000);

  it('fails where the tier is not there, and is run again where a sandbox did not start', async () => {
    const failing = (code: 'SANDBOX_UNAVAILABLE' | 'SANDBOX_START_FAILED') =>
      new Worker(async () => {
        throw new SandboxError(code, 'no');
      });
    expect(await failing('SANDBOX_UNAVAILABLE').segment({ code: '1' })).toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    await expect(failing('SANDBOX_START_FAILED').segment({ code: '1' })).rejects.toThrow('no');
  });
});
