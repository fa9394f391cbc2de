/** Handlers as data, for property tests. */

import fc from 'fast-check';
import type { JobContext } from '../sdk/context.ts';

/** A handler as data. Names are few, so that they are used again. */
export type Program =
  | { readonly kind: 'step'; readonly name: string; readonly fails: number; readonly turns: number }
  | { readonly kind: 'wait'; readonly wait: 'sleep' | 'signal' | 'child' | 'model' | 'tool' | 'agent' }
  | { readonly kind: 'value'; readonly value: 'now' | 'random' | 'patched' }
  | { readonly kind: 'seq' | 'all' | 'race'; readonly parts: readonly Program[] };

const names = fc.constantFrom('a', 'b', 'c');
export const { program } = fc.letrec<{ program: Program }>((tie) => {
  const parts = fc.array(tie('program'), { minLength: 1, maxLength: 4 });
  return {
    program: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'program' },
      fc.record({ kind: fc.constant('step' as const), name: names, fails: fc.nat(2), turns: fc.nat(3) }),
      fc.record({
        kind: fc.constant('wait' as const),
        wait: fc.constantFrom(...(['sleep', 'signal', 'child', 'model', 'tool', 'agent'] as const)),
      }),
      fc.record({
        kind: fc.constant('value' as const),
        value: fc.constantFrom('now' as const, 'random' as const, 'patched' as const),
      }),
      fc.record({ kind: fc.constantFrom('seq' as const, 'all' as const, 'race' as const), parts }),
    ),
  };
});

/** Resolves in the next turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs a program. `attempt` is called for each attempt of a step. */
export async function perform(
  ctx: JobContext,
  path: string,
  what: Program,
  attempt: (key: string) => void,
): Promise<unknown> {
  switch (what.kind) {
    case 'step':
      return ctx.step(
        what.name,
        async ({ attempt: nth, idempotencyKey }) => {
          attempt(idempotencyKey);
          for (let n = 0; n < what.turns; n += 1) await turn();
          if (nth <= what.fails) throw new Error('not yet');
          return `${path} ${what.name}`;
        },
        { retry: { firstDelayMs: 0 } },
      );
    case 'wait':
      if (what.wait === 'sleep') return ctx.sleep(1_000_000);
      if (what.wait === 'signal') return ctx.signal('signal');
      if (what.wait === 'child') return ctx.child('child', null);
      if (what.wait === 'tool') return ctx.tool('tool', {});
      if (what.wait === 'agent') return ctx.agent({ prompt: 'p' });
      return ctx.model({ prompt: 'p' });
    case 'value':
      if (what.value === 'now') return ctx.now().getTime();
      return what.value === 'random' ? ctx.random() : ctx.patched('change');
    case 'seq': {
      const results: unknown[] = [];
      for (const [index, part] of what.parts.entries())
        results.push(await perform(ctx, `${path}.${index}`, part, attempt));
      return results;
    }
    case 'all':
      return ctx.all(what.parts.map((part, index) => (b: JobContext) => perform(b, `${path}.${index}`, part, attempt)));
    case 'race': {
      // The next step depends on the winner: a run that saw another one would not fit the journal.
      const winner = await ctx.all([
        (b) =>
          Promise.race(
            what.parts.map((part, index) =>
              b.all([(c) => perform(c, `${path}.${index}`, part, attempt).then(() => index)]),
            ),
          ),
      ]);
      return ctx.step(`won by ${JSON.stringify(winner)}`, () => winner);
    }
  }
}
