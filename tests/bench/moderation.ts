/**
 * What the check of answers adds to the first token and to each delta: `npm run bench:moderation -- [pieces]`. The same
 * pieces pass a model's stream with and without rules of outputs; what a rule keeps back is counted in characters.
 */
import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import type { SlmChunk } from '../../infra/models/provider.ts';
import { checkedOutput, outputRules } from '../../infra/models/worker/checked-output.ts';
import type { ModerationRule } from '../../schemas/contexts/constitution/document.ts';
import { spanDetectors } from '../../schemas/contexts/moderation/vocabulary.ts';

const PIECES = Number(process.argv[2] ?? 2_000);
const words =
  'The khipu is a record of knotted cords. It was used in the Andes to count people, llamas and harvests; each knot has a place, and each cord a colour.'.split(
    /(?<= )/,
  );

const forbids = (detector: ModerationRule['detector']): ModerationRule => ({
  ...{ id: String(detector), detector, code: 'X', severity: 'forbid', applies_to: ['output'] },
});
const every: readonly ModerationRule[] = [
  ...defaultConstitution.moderation.map((rule) => ({ ...rule, applies_to: ['output'] as const })),
  ...spanDetectors.map(forbids),
];
const cases: Readonly<Record<string, readonly ModerationRule[]>> = {
  'no rule of outputs': [],
  'the default constitution': defaultConstitution.moderation,
  'every default rule and every detector': every,
};

const inForce = (moderation: readonly ModerationRule[]) => ({
  ready: Promise.resolve(),
  value: {
    inForce: {
      status: 'verified' as const,
      version: '1',
      digest: '',
      document: { ...defaultConstitution, moderation },
    },
  },
});

/** Returns times of each piece through the check, µs, and the characters that are kept back behind each. */
async function measured(moderation: readonly ModerationRule[]) {
  let given = 0;
  let began = 0;
  const [times, kept]: [number[], number[]] = [[], []];
  async function* chunks(): AsyncGenerator<SlmChunk> {
    for (let n = 0; n < PIECES; n += 1) {
      const text = words[n % words.length] ?? '';
      given += text.length;
      if (began !== 0) times.push((performance.now() - began) * 1_000);
      began = performance.now();
      yield { kind: 'delta', text };
    }
  }
  let shown = 0;
  let first: number | null = null;
  for await (const chunk of checkedOutput(chunks(), outputRules(inForce(moderation)), () => undefined)) {
    if (chunk.kind !== 'delta') continue;
    shown += chunk.text.length;
    first ??= given;
    kept.push(given - shown);
  }
  const at = (all: readonly number[], share: number) =>
    [...all].sort((a, b) => a - b)[Math.floor(all.length * share)] ?? 0;
  return {
    ...{ 'µs a piece, p50': at(times, 0.5).toFixed(1), p99: at(times, 0.99).toFixed(1) },
    ...{ 'characters before the first text': first, 'kept back, p50': at(kept, 0.5), 'kept p99': at(kept, 0.99) },
  };
}

for (const moderation of Object.values(cases)) await measured(moderation);
const rows: Record<string, Awaited<ReturnType<typeof measured>>> = {};
for (const [name, rules] of Object.entries(cases)) rows[name] = await measured(rules);
console.table(rows);
