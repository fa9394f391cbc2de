/** The cases of a regression of two versions of a capsule. */
import type { GoldenCase, GoldenDocument, Scorer } from '../../evaluations/golden-set.ts';
import { scorerName } from '../../evaluations/golden-set.ts';
import type { CapsuleManifest } from '../manifest.ts';
import { inputText } from './prompt.ts';

/** How a regression is run. */
export interface RegressionParts {
  /** Manifest that the install runs, and the one after the upgrade. */
  readonly from: CapsuleManifest;
  readonly to: CapsuleManifest;
  /** A golden set of the tenant, whose prompts are inputs as JSON; null without one. */
  readonly golden: GoldenDocument | null;
  /** Drop that is accepted, and answers to each case; those of the golden set come before. */
  readonly margin: number;
  readonly repeats: number;
}

/** Scorers of what a case may expect, in their order. */
const kinds = ['verdict', 'exact', 'regex', 'json_schema', 'numeric', 'tools'] as const;
const expected = {
  ...{ verdict: 'verdict', exact: 'text', regex: 'pattern', json_schema: 'schema', numeric: 'number', tools: 'tools' },
} as const satisfies Readonly<Record<(typeof kinds)[number], keyof GoldenCase['expect']>>;

const scorerOf = (kind: (typeof kinds)[number]): Scorer => {
  switch (kind) {
    case 'exact':
      return { kind, gate: true, ignore_case: false };
    case 'numeric':
      return { kind, gate: true, tolerance: 0, relative: false };
    default:
      return { kind, gate: true };
  }
};

/** Returns the cases of manifests: each input once, and each at least has to be answered. */
function casesOf(manifests: readonly CapsuleManifest[]): readonly GoldenCase[] {
  const cases = new Map<string, GoldenCase>();
  for (const { golden, version } of manifests)
    for (const [nth, { input, expect = {} }] of golden.entries()) {
      const prompt = inputText(input);
      const given = { prompt, earlier: [], expect: { verdict: 'allow' as const, ...expect } };
      const same = JSON.stringify(given);
      if (!cases.has(same)) cases.set(same, { case_id: `${version}-${nth + 1}`, ...given });
    }
  return [...cases.values()];
}

/**
 * Returns the golden set that both versions run: the cases of a golden set of the tenant, those of the version that is installed,
 * and those of the next one. A publisher can add to what an upgrade is measured by, and cannot take away from it.
 */
export function regressionOf({ from, to, golden, margin, repeats }: RegressionParts): GoldenDocument {
  const cases = [...(golden?.cases ?? []), ...casesOf([from, to])];
  const own = golden?.scorers ?? [];
  const known = new Set(own.map(({ kind }) => kind));
  const names = new Set(own.map(scorerName));
  const asked = kinds.filter((kind) => cases.some(({ expect }) => expect[expected[kind]] !== undefined));
  const added = asked.filter((kind) => !known.has(kind) && !names.has(kind)).map(scorerOf);
  return {
    ...{ description: '', persona: to.name, tools: [], scorers: [...own, ...added], cases },
    ...{ margin: golden?.margin ?? margin, repeats: golden?.repeats ?? repeats },
  };
}
