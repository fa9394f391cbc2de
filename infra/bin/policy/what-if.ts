import { createHash } from 'node:crypto';
import type { VerifiedConstitution } from '../../../schemas/contexts/constitution/document.ts';
import { asksForHistory } from '../../../streams/policy/history.ts';
import { addDecision, type ReplayedHistories } from '../../../streams/policy/history-replay.ts';
import { type VerdictChange, verdictChange } from '../../../streams/policy/replay.ts';
import { type FailedTest, failedTests } from '../../../streams/policy/self-test.ts';
import type { CedarEngine } from '../../governance/cedar/engine.ts';
import { canonicalJson } from '../../governance/constitution/canonical-json.ts';
import { parseConstitution } from '../../governance/constitution/document.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Log } from '../../kafka/port.ts';
import { readDecisions } from './decisions.ts';

/** A valid unsigned constitution with the result of its own tests. */
export interface CheckedConstitution {
  readonly constitution: VerifiedConstitution;
  /** Its own failing tests; the document must not be signed while there are any. */
  readonly failed: readonly FailedTest[];
}

/** Validates an unsigned document and runs its own tests. Throws GovernanceError `CONSTITUTION_INVALID`. */
export function checkConstitution(value: unknown, { rule }: CedarEngine): CheckedConstitution {
  const document = parseConstitution(value);
  const digest = createHash('sha256').update(canonicalJson(document)).digest('hex');
  const constitution: VerifiedConstitution = { status: 'verified', version: document.version, digest, document };
  return { constitution, failed: failedTests(rule, constitution) };
}

/** The recorded verdicts that another constitution would change. */
export interface WhatIfReport {
  readonly decisions: number;
  readonly denyToAllow: number;
  readonly allowToDeny: number;
  /** Denials that the constitution would allow, but for which the external engine was never asked. */
  readonly denyToUnknown: number;
  /** Changed verdicts by `reason before → reason after`, the most frequent first. */
  readonly reasons: readonly { readonly reasons: string; readonly count: number }[];
  readonly examples: readonly VerdictChange[];
  readonly seconds: number;
}

/** Evaluates recorded commands, at most `limit`, under another constitution, with the current evaluator. Changes nothing. */
export async function whatIf(
  log: Log,
  decoder: RecordDecoder,
  candidate: VerifiedConstitution,
  { rule }: CedarEngine,
  options: { readonly limit: number; readonly examples: number; readonly onProgress: (decisions: number) => void },
): Promise<WhatIfReport> {
  const began = performance.now();
  const histories = await readHistories(log, decoder, candidate);
  const turned = { allow: 0, deny: 0, unknown: 0 };
  const counts = new Map<string, number>();
  const examples: VerdictChange[] = [];
  let decisions = 0;
  await readDecisions(log, decoder, ({ record, meta }) => {
    if (record.type !== 'PolicyDecided') return true;
    decisions += 1;
    options.onProgress(decisions);
    const flip = verdictChange(rule, candidate, { record, meta }, histories);
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

/** Returns the histories of allowed commands by session; empty when the candidate uses no history. */
async function readHistories(
  log: Log,
  decoder: RecordDecoder,
  candidate: VerifiedConstitution,
): Promise<ReplayedHistories> {
  const histories: ReplayedHistories = new Map();
  if (!asksForHistory(candidate.document)) return histories;
  await readDecisions(log, decoder, ({ record, meta }) => {
    if (record.type === 'PolicyDecided') addDecision(candidate, histories, { record, meta });
    return true;
  });
  return histories;
}
