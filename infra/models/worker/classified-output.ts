import { textIn } from '../../../schemas/contexts/jobs.ts';
import { CONTEXT_CHARS, type PartVerdict, partEnd, partVerdict } from '../../../schemas/contexts/moderation/answers.ts';
import { MODERATION_UNAVAILABLE, REDACTED } from '../../../schemas/contexts/moderation/vocabulary.ts';
import type { ClassifierAnswer, Finding } from '../../../schemas/generated/records.ts';
import type { SlmChunk, SlmDone } from '../provider.ts';
import type { AnswerReport } from './answer-report.ts';
import { OutputRefused, type OutputRules, OutputUnchecked } from './checked-output.ts';

/**
 * Asks the outside classifier about a text. Never rejects but with the reason of `signal`: `unavailable`, `passed` and `invalid`
 * stand for a missing answer.
 */
export type Classify = (text: string, signal: AbortSignal) => Promise<ClassifierAnswer>;

/** How one answer is classified. */
export interface Classifying {
  readonly rules: OutputRules;
  /** Null where no classifier is configured: then its rules find nothing. */
  readonly classify: Classify | null;
  readonly report: AnswerReport;
  /** Called once a rule. */
  readonly onFinding: (finding: Finding) => void;
  readonly signal: AbortSignal;
}

/** One answer, part by part. */
class Parts {
  readonly #by: Classifying & { readonly classify: Classify };
  readonly #known = new Set<string>();
  /** Generated text that was not classified, and the end of that before it. */
  #pending = '';
  #before = '';
  /** Text as it was shown. */
  shown = '';

  constructor(by: Classifying & { readonly classify: Classify }) {
    this.#by = by;
  }

  push(text: string): void {
    this.#pending += text;
  }

  /** Resolves with the next part as it may be shown; null while there is none. `isEnd`: the rest is a part. */
  async next(isEnd: boolean): Promise<SlmChunk | null> {
    const end = partEnd(this.#pending) ?? (isEnd && this.#pending !== '' ? this.#pending.length : null);
    if (end === null) return null;
    const part = this.#pending.slice(0, end);
    const { action, findings } = await this.#verdict(this.#before + part);
    if (action === 'block') this.#refuse(findings);
    this.#pending = this.#pending.slice(end);
    // A part that was replaced is no context of the next one, which would be replaced because of it.
    this.#before = action === 'redact' ? '' : (this.#before + part).slice(-CONTEXT_CHARS);
    if (action === 'redact') this.#by.report.redacted();
    const text = action === 'redact' ? `${REDACTED}${/\s*$/.exec(part)?.[0] ?? ''}` : part;
    this.shown += text;
    return { kind: 'delta', text };
  }

  /** Checks the calls that an answer asks for. No part of a call can be replaced: what would be redacted ends the answer. */
  async checkCalls({ toolCalls = [] }: SlmDone): Promise<void> {
    for (const call of toolCalls) {
      const { action, findings } = await this.#verdict(textIn(call.arguments));
      if (action !== 'show') this.#refuse(findings);
    }
  }

  /** Throws OutputRefused by the first rule that does more than record. */
  #refuse(findings: readonly Finding[]): void {
    const finding =
      findings.find(({ outcome }) => outcome === 'forbid') ?? findings.find(({ outcome }) => outcome === 'redact');
    if (finding !== undefined) throw new OutputRefused(finding, this.#by.rules, this.shown.length);
  }

  async #verdict(text: string): Promise<PartVerdict> {
    const { rules, classify, report, onFinding, signal } = this.#by;
    const answer = await classify(text.toWellFormed(), signal);
    report.asked(answer);
    if (answer.outcome === 'unavailable' || answer.outcome === 'invalid')
      throw new OutputUnchecked(
        `The answer could not be checked by the classifier: ${answer.detail}`,
        MODERATION_UNAVAILABLE,
      );
    const verdict = partVerdict(rules.categories, answer.scores);
    for (const finding of verdict.findings) {
      report.take(finding);
      if (!this.#known.has(finding.rule)) onFinding(finding);
      this.#known.add(finding.rule);
    }
    return verdict;
  }
}

/**
 * Yields the chunks of an answer in parts that the outside classifier was asked about, as the rules of the constitution decide:
 * shown, replaced by REDACTED, or not. The whole text of the end is what was shown. Without a rule that asks it, or a classifier,
 * the chunks pass as they are. Rejects with OutputRefused where a rule forbids, and with OutputUnchecked MODERATION_UNAVAILABLE
 * without an answer; the parts before have been yielded then. What rejects the chunks rejects after the parts before it.
 */
export async function* classifiedOutput(
  chunks: AsyncIterable<SlmChunk>,
  { classify, ...by }: Classifying,
): AsyncGenerator<SlmChunk> {
  if (by.rules.categories.length === 0 || classify === null) return yield* chunks;
  const parts = new Parts({ ...by, classify });
  const all = async function* (isEnd: boolean): AsyncGenerator<SlmChunk> {
    for (let part = await parts.next(isEnd); part !== null; part = await parts.next(isEnd)) yield part;
  };
  try {
    for await (const chunk of chunks) {
      if (chunk.kind === 'delta') {
        parts.push(chunk.text);
        yield* all(false);
        continue;
      }
      yield* all(true);
      await parts.checkCalls(chunk);
      yield { ...chunk, text: parts.shown };
    }
  } catch (error) {
    if (!(error instanceof OutputRefused) || error.chars === parts.shown.length) throw error;
    // Cut by another rule behind text that waits for its check.
    yield* all(true);
    throw new OutputRefused(error.finding, error.rules, parts.shown.length);
  }
}
