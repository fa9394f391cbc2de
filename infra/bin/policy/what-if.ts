import { createHash, type KeyObject } from 'node:crypto';
import type { VerifiedConstitution } from '../../../schemas/constitution.ts';
import { type Hindsight, look } from '../../../streams/policy/hindsight.ts';
import { asksForHistory } from '../../../streams/policy/history.ts';
import { type Flip, flipUnder } from '../../../streams/policy/replay.ts';
import { type FailedTest, failedTests } from '../../../streams/policy/self-test.ts';
import { canonicalJson } from '../../governance/canonical-json.ts';
import { createCedarEngine } from '../../governance/cedar-engine.ts';
import { parseConstitution } from '../../governance/constitution-document.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Log } from '../../kafka/log.ts';
import { readDecisions } from './decisions.ts';

export type TrustedKeys = ReadonlyMap<string, KeyObject>;

export interface CheckedConstitution {
  readonly constitution: VerifiedConstitution;
  /** Cases of its own tests that come out otherwise; it must not be signed before there are none. */
  readonly failed: readonly FailedTest[];
}

/** A document that nobody signed yet: valid, and its own tests run. Throws GovernanceError `CONSTITUTION_INVALID`. */
export function checkConstitution(value: unknown): CheckedConstitution {
  const document = parseConstitution(value);
  const digest = createHash('sha256').update(canonicalJson(document)).digest('hex');
  const constitution: VerifiedConstitution = { status: 'verified', version: document.version, digest, document };
  const { rule } = createCedarEngine({ trusted: new Map() });
  return { constitution, failed: failedTests(rule, constitution) };
}

export interface WhatIfReport {
  readonly decisions: number;
  readonly denyToAllow: number;
  readonly allowToDeny: number;
  /** The constitution would allow them; the outside engine was not asked then. */
  readonly denyToUnknown: number;
  /** Flips by `reason before → reason after`, the most frequent first. */
  readonly reasons: readonly { readonly reasons: string; readonly count: number }[];
  readonly examples: readonly Flip[];
  readonly seconds: number;
}

/** Yesterday's commands under another constitution, by the evaluator that decides today: every verdict that would turn. */
export async function whatIf(
  log: Log,
  decoder: RecordDecoder,
  candidate: VerifiedConstitution,
  options: { readonly limit: number; readonly examples: number; readonly onProgress: (decisions: number) => void },
): Promise<WhatIfReport> {
  const { rule } = createCedarEngine({ trusted: new Map() });
  const began = performance.now();
  const hindsight = await letIn(log, decoder, candidate);
  const turned = { allow: 0, deny: 0, unknown: 0 };
  const counts = new Map<string, number>();
  const examples: Flip[] = [];
  let decisions = 0;
  await readDecisions(log, decoder, ({ record, meta }) => {
    if (record.type !== 'PolicyDecided') return true;
    decisions += 1;
    options.onProgress(decisions);
    const flip = flipUnder(rule, candidate, { record, meta }, hindsight);
    if (flip !== null) {
      turned[flip.to] += 1;
      const reasons = `${flip.reasonBefore} → ${flip.reasonAfter}`;
      counts.set(reasons, (counts.get(reasons) ?? 0) + 1);
      if (examples.length < options.examples) examples.push(flip);
    }
    return decisions < options.limit;
  });
  return {
    decisions,
    denyToAllow: turned.allow,
    allowToDeny: turned.deny,
    denyToUnknown: turned.unknown,
    reasons: [...counts].map(([reasons, count]) => ({ reasons, count })).sort((a, b) => b.count - a.count),
    examples,
    seconds: (performance.now() - began) / 1_000,
  };
}

/** All that was let into sessions; nothing where the candidate asks for no history. */
async function letIn(log: Log, decoder: RecordDecoder, candidate: VerifiedConstitution): Promise<Hindsight> {
  const hindsight: Hindsight = new Map();
  if (!asksForHistory(candidate.document)) return hindsight;
  await readDecisions(log, decoder, ({ record, meta }) => {
    if (record.type === 'PolicyDecided') look(candidate, hindsight, { record, meta });
    return true;
  });
  return hindsight;
}
