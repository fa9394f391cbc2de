import { describe, expect, it } from 'vitest';
import type { WorkContext } from '../../../streams/kernel.ts';
import { eventually } from '../../kafka/contract/testing.ts';
import { codeOf } from '../../kit/errors.ts';
import { answer } from '../testing/processors.ts';
import { cancelOf, cancels } from '../testing/worker.ts';
import { open, sleep } from '../testing/worker-bench.ts';

const untilAborted = ({ signal }: WorkContext): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('something less telling')));
  });
const tellEnd = (key: string, prompt: string, { emit, attempt }: WorkContext): Promise<void> =>
  emit(answer(key, attempt, `ended ${prompt}`));

describe('a cancel', () => {
  it('ends the run as soon as it is read, with a reason, and the key continues', async () => {
    const { start, send, append, settled, abandoned, codes, answers, metric } = await open(1, { cancels });
    const reasons: string[] = [];
    const runner = start(async (_key, prompt, context) => {
      if (prompt !== 'long') return;
      await untilAborted(context).catch((error: unknown) => {
        reasons.push(codeOf(context.signal.reason));
        throw error;
      });
    }, tellEnd);
    await send(['a', 'long'], ['a', 'next']);
    await sleep(20);
    expect(reasons).toEqual([]);
    await append(cancelOf('a', 'long'), 'a');
    await settled();
    await runner.close();
    expect(reasons).toEqual(['WORK_CANCELLED']);
    expect(codes).toEqual(['WORK_CANCELLED']);
    expect(abandoned).toHaveLength(1);
    expect((await answers('a')).get('a')).toEqual(['2:ended long', '1:next']);
    expect(await metric('khipu_worker_abandoned_total')).toBe(1);
  });

  it('is read again after a crash: the cancelled record does not run', async () => {
    const { start, send, append, settled, runs, codes, at, answers } = await open(1, { cancels });
    const first = start(async (_key, prompt) => {
      if (prompt === 'long') await new Promise(() => undefined);
    }, tellEnd);
    await send(['a', 'long']);
    await eventually(() => expect(runs).toEqual(['a:long']));
    let failing = true;
    at(async (point) => {
      if (failing && point === 'commit') throw new Error('the process stumbled');
    });
    await append(cancelOf('a', 'long'), 'a');
    await send(['b', 'x']);
    await eventually(() => expect(runs).toContain('b:x'));
    failing = false;
    await settled();
    await first.close();
    expect(runs.filter((run) => run === 'a:long')).toHaveLength(1);
    expect(codes.at(-1)).toBe('WORK_CANCELLED');
    expect((await answers('a')).get('a')).toHaveLength(1);
  });
});
