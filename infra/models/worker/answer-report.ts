import type { AnswerModeration, CategoryScore, ClassifierAnswer, Finding } from '../../../schemas/generated/records.ts';
import type { OutputRules } from './checked-output.ts';

/** The findings in one answer, for its record. */
export class AnswerReport {
  readonly #rules: OutputRules;
  readonly #findings = new Map<string, Finding>();
  readonly #scores = new Map<string, number>();
  #asked: ClassifierAnswer | null = null;
  #redacted = 0;

  constructor(rules: OutputRules) {
    this.#rules = rules;
  }

  /** Takes a finding; of those of one rule it keeps the highest. */
  readonly take = (finding: Finding): void => {
    const known = this.#findings.get(finding.rule);
    if (known === undefined || known.score < finding.score) this.#findings.set(finding.rule, finding);
  };

  /** Takes an answer of the classifier. */
  asked(answer: ClassifierAnswer): void {
    for (const { category, score } of answer.scores)
      this.#scores.set(category, Math.max(this.#scores.get(category) ?? 0, score));
    const before = this.#asked;
    const passed = [before, answer].find((each) => each?.outcome === 'passed');
    const latencyMs = Math.max(before?.latencyMs ?? 0, answer.latencyMs);
    this.#asked = { ...(passed ?? answer), latencyMs };
  }

  redacted(): void {
    this.#redacted += 1;
  }

  /** Returns the report; null when the constitution has no rules of outputs. */
  summary(): AnswerModeration | null {
    const { version, digest, searches, categories } = this.#rules;
    if (searches.all.length === 0 && categories.length === 0) return null;
    const scores: CategoryScore[] = [...this.#scores]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([category, score]) => ({ category, score }));
    return {
      ...{ constitutionVersion: version, constitutionDigest: digest, redacted: this.#redacted },
      findings: [...this.#findings.values()],
      classifier: this.#asked === null ? null : { ...this.#asked, scores },
    };
  }
}
