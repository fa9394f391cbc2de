import type { AnswerModeration, ClassifierAnswer, Finding } from '../../generated/records.ts';

/** What rules found in an answer, with the names of the wire. */
export interface WireModeration {
  readonly constitution_version: string;
  readonly constitution_digest: string;
  readonly findings: readonly Finding[];
  readonly redacted: number;
  readonly classifier: (Omit<ClassifierAnswer, 'latencyMs'> & { readonly latency_ms: number }) | null;
}

/** Returns what rules found in an answer, as JSON of clients and of results of jobs has it; null for null. */
export function wireModeration(moderation: AnswerModeration | null): WireModeration | null {
  if (moderation === null) return null;
  const { constitutionVersion, constitutionDigest, findings, redacted, classifier } = moderation;
  const of = { constitution_version: constitutionVersion, constitution_digest: constitutionDigest, findings, redacted };
  if (classifier === null) return { ...of, classifier };
  const { latencyMs: latency_ms, ...answer } = classifier;
  return { ...of, classifier: { ...answer, latency_ms } };
}
