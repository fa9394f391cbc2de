import { describe, expect, it } from 'vitest';
import { goldenDocument } from '../../evaluations/golden-set.ts';
import { prepareCapsule } from '../signing.ts';
import { aManifest } from '../testing.ts';
import { regressionOf } from './regression.ts';

const of = (version: string, golden: readonly object[]) =>
  prepareCapsule(aManifest({ version, golden: golden.map((each, nth) => ({ name: `g${nth}`, ...each })) })).manifest;
const ana = { input: { name: 'Ana' } };
const settings = { golden: null, margin: 0.2, repeats: 2 };

describe('the regression of an upgrade', () => {
  it('has the cases of both versions, each once, and asks of each that it is answered', () => {
    const from = of('1.0.0', [ana, { input: { name: 'Bo' }, expect: { pattern: 'bo' } }]);
    const to = of('1.1.0', [ana, { input: { name: 'Cy' }, expect: { text: 'Hello Cy', verdict: 'deny' } }]);
    const { cases, scorers, margin, repeats } = regressionOf({ ...settings, from, to });
    expect(cases).toEqual([
      { case_id: '1.0.0-1', prompt: '{"name":"Ana"}', earlier: [], expect: { verdict: 'allow' } },
      { case_id: '1.0.0-2', prompt: '{"name":"Bo"}', earlier: [], expect: { verdict: 'allow', pattern: 'bo' } },
      { case_id: '1.1.0-2', prompt: '{"name":"Cy"}', earlier: [], expect: { verdict: 'deny', text: 'Hello Cy' } },
    ]);
    expect([scorers.map(({ kind }) => kind), margin, repeats]).toEqual([['verdict', 'exact', 'regex'], 0.2, 2]);
  });

  it('keeps a case that the next version has dropped or changed', () => {
    const from = of('1.0.0', [{ ...ana, expect: { pattern: 'dear' } }]);
    const changed = regressionOf({ ...settings, from, to: of('1.1.0', [{ ...ana, expect: { pattern: '.' } }]) });
    expect(changed.cases.map(({ expect: { pattern } }) => pattern)).toEqual(['dear', '.']);
    expect(regressionOf({ ...settings, from, to: of('1.1.0', []) }).cases).toHaveLength(1);
  });

  it('begins with a golden set of the tenant, whose scorers, margin and repeats hold', () => {
    const golden = goldenDocument.parse({
      ...{ persona: 'guide', margin: 0.05, repeats: 3, scorers: [{ kind: 'exact', ignore_case: true }] },
      cases: [{ case_id: 'own', prompt: '{"name":"Di"}', expect: { text: 'Hello Di' } }],
    });
    const found = regressionOf({ ...settings, from: of('1.0.0', [ana]), to: of('1.1.0', []), golden });
    expect(found.cases.map(({ case_id }) => case_id)).toEqual(['own', '1.0.0-1']);
    expect([found.scorers, found.margin, found.repeats]).toEqual([
      [
        { kind: 'exact', ignore_case: true, gate: true },
        { kind: 'verdict', gate: true },
      ],
      0.05,
      3,
    ]);
  });
});
