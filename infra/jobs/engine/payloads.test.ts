import { describe, expect, it } from 'vitest';
import { namedIn, payloadName } from '../../../schemas/contexts/jobs/payload.ts';
import { JOB_CONTENT_BYTES_MAX, JOB_PAYLOAD_BYTES_MAX } from '../../../schemas/contexts/jobs.ts';
import { doing, TestJob } from './testing.ts';

const large = (text: string): string => text.repeat(JOB_PAYLOAD_BYTES_MAX);

/** Returns the value of a payload of a test. */
function valueIn({ files }: TestJob, payload: string | null | undefined): unknown {
  const content = namedIn(payload ?? null);
  return JSON.parse(content === null ? String(payload) : String(files.contents.get(content.digest)));
}

describe('a payload above 64 KiB', () => {
  it('is named by the record of a step, and its value is that of each run', async () => {
    const seen: unknown[] = [];
    let made = 0;
    const test = new TestJob(
      doing(async (ctx) => {
        const one = await ctx.step('one', () => {
          made += 1;
          return { text: large('x') };
        });
        await ctx.sleep(1);
        const both = await ctx.all([() => one.text.length, (branch) => branch.step('two', () => large('y'))]);
        seen.push(both);
        return both;
      }),
    );
    await test.run();
    expect(namedIn(test.entries[0]?.output ?? null)).toMatchObject({ pieces: 1 });
    test.resolve();
    const end = await test.run();
    expect(seen).toEqual([[JOB_PAYLOAD_BYTES_MAX, large('y')]]);
    expect(valueIn(test, end.output)).toEqual(seen[0]);
    expect([made, test.files.contents.size]).toEqual([1, 3]);
  });

  it('is on the log before the record that names it', async () => {
    const test = new TestJob(
      doing(async (ctx) => {
        await ctx.step('one', () => large('x'));
        return ctx.child('c', large('z'));
      }),
    );
    await test.run({
      onCommit: (reports) => {
        for (const report of reports)
          if (report.kind === 'entry') expect(valueIn(test, report.entry.output)).toBe(large('x'));
      },
    });
    const [wait] = test.waits.values();
    expect([wait?.kind, valueIn(test, wait?.request)]).toEqual(['child', large('z')]);
    expect(test.commits).not.toEqual([]);
  });

  it('is read when it is the input, and the result of a child', async () => {
    const test = new TestJob(doing(async (ctx, input: string) => [input.length, (await ctx.child('c', 1)) as string]));
    test.payload = payloadName(test.files.add(JSON.stringify(large('i'))));
    await test.run();
    test.resolve();
    const output = payloadName(test.files.add(JSON.stringify(large('o'))));
    test.entries = test.entries.map((entry) => ({ ...entry, output }));
    expect(valueIn(test, (await test.run()).output)).toEqual([JOB_PAYLOAD_BYTES_MAX, large('o')]);
  });

  it('keeps the order of results: a small one after it is delivered after it', async () => {
    const order: string[] = [];
    const test = new TestJob(
      doing(async (ctx) => {
        const each = (name: string, value: string) => async (branch: typeof ctx) => {
          await branch.step(name, () => value);
          order.push(name);
        };
        await ctx.all([each('large', large('x')), each('small', 's')]);
        await ctx.sleep(1);
      }),
    );
    await test.run();
    const first = order.splice(0);
    test.resolve();
    await test.run();
    expect(order).toEqual(first);
  });
});

describe('a payload that cannot be read or kept', () => {
  it('fails the run with a code, so that another run follows; the job goes on when it is there', async () => {
    const test = new TestJob(
      doing(async (ctx) => {
        const { length } = await ctx.step('one', () => large('x'));
        await ctx.sleep(1);
        return length;
      }),
    );
    await test.run();
    test.resolve();
    const [[digest, bytes] = []] = test.files.contents;
    test.files.contents.clear();
    const missing = { outcome: 'failed', code: 'JOB_CONTENT_NOT_READABLE', retryable: true };
    expect(await test.run()).toMatchObject(missing);
    // Bytes of another content under its name are not taken.
    test.files.contents.set(digest ?? '', Buffer.from('"other"'));
    expect(await test.run()).toMatchObject(missing);
    test.files.contents.set(digest ?? '', bytes ?? Buffer.alloc(0));
    expect(await test.run()).toMatchObject({ outcome: 'completed', output: String(JOB_PAYLOAD_BYTES_MAX) });
  });

  it('fails the run as well when it is the input', async () => {
    const test = new TestJob(doing(async () => 1));
    test.payload = payloadName({ digest: 'ab'.repeat(32), bytes: 70_000 });
    expect(await test.run()).toMatchObject({ code: 'JOB_CONTENT_NOT_READABLE', retryable: true });
  });

  it('fails the attempt of a step, and the run for a result and the input of a child', async () => {
    const full = Object.assign(new Error('the log is full'), { code: 'LOG_UNAVAILABLE' });
    const unkept = (job: TestJob): TestJob => {
      job.files.keep = () => Promise.reject(full);
      return job;
    };
    const step = unkept(new TestJob(doing((ctx) => ctx.step('one', () => large('x'), { retry: { attempts: 1 } }))));
    expect(await step.run()).toMatchObject({ outcome: 'failed', code: 'JOB_CONTENT_NOT_KEPT', retryable: true });
    const result = unkept(new TestJob(doing(async () => large('x'))));
    expect(await result.run()).toMatchObject({ outcome: 'failed', code: 'JOB_CONTENT_NOT_KEPT', retryable: true });
    const child = unkept(new TestJob(doing((ctx) => ctx.child('c', large('x')))));
    expect(await child.run()).toMatchObject({ outcome: 'failed', code: 'JOB_CONTENT_NOT_KEPT', retryable: true });
    expect(child.waits.size).toBe(0);
  });

  it('above 10 MiB is refused for good', async () => {
    const huge = 'x'.repeat(JOB_CONTENT_BYTES_MAX);
    const codes = { step: 'JOB_OUTPUT_TOO_LARGE', result: 'JOB_OUTPUT_TOO_LARGE', child: 'JOB_INPUT_TOO_LARGE' };
    expect(await new TestJob(doing((ctx) => ctx.step('a', () => huge))).run()).toMatchObject({ code: codes.step });
    expect(await new TestJob(doing(async () => huge)).run()).toMatchObject({ code: codes.result, retryable: false });
    expect(await new TestJob(doing((ctx) => ctx.child('c', huge))).run()).toMatchObject({ code: codes.child });
    expect(await new TestJob(doing(async () => huge.slice(2))).run()).toMatchObject({ outcome: 'completed' });
  });
});
