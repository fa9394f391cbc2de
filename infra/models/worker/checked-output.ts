import type { ModerationRule } from '../../../schemas/contexts/constitution/document.ts';
import { textIn } from '../../../schemas/contexts/jobs.ts';
import { classifiedRules } from '../../../schemas/contexts/moderation/answers.ts';
import { normalized } from '../../../schemas/contexts/moderation/normal.ts';
import { moderationFinding, type OutputSearches, outputSearches } from '../../../schemas/contexts/moderation/rules.ts';
import { TextScanner } from '../../../schemas/contexts/moderation/scanner.ts';
import {
  type MODERATION_UNAVAILABLE,
  OUTPUT_REFUSED,
  OUTPUT_UNCHECKED,
} from '../../../schemas/contexts/moderation/vocabulary.ts';
import type { Finding } from '../../../schemas/generated/records.ts';
import type { ConstitutionInForce } from '../../runner/constitution-in-force.ts';
import type { SlmChunk, SlmDone } from '../provider.ts';

/** Ends an answer of which a part broke a rule. A retry cannot repair it: the constitution decides on what is shown. */
export class OutputRefused extends Error {
  override readonly name = 'OutputRefused';
  readonly code = OUTPUT_REFUSED;
  readonly finding: Finding;
  readonly rules: OutputRules;
  /** Length of the beginning of the answer that may be shown, UTF-16 units. */
  readonly chars: number;
  constructor(finding: Finding, rules: OutputRules, chars: number) {
    super(`The answer was cut by the rule ${finding.rule} of the constitution (${finding.category}).`);
    this.finding = finding;
    this.rules = rules;
    this.chars = chars;
  }
}

/** Thrown where nothing says what may be shown: no constitution is verified, or the classifier did not answer. */
export class OutputUnchecked extends Error {
  override readonly name = 'OutputUnchecked';
  readonly code: typeof OUTPUT_UNCHECKED | typeof MODERATION_UNAVAILABLE;
  constructor(message: string, code: OutputUnchecked['code'] = OUTPUT_UNCHECKED) {
    super(message);
    this.code = code;
  }
}

/** The rules of answers, with the constitution that they are of. */
export interface OutputRules {
  readonly version: string;
  readonly digest: string;
  readonly searches: OutputSearches;
  /** Rules that ask the outside classifier. */
  readonly categories: readonly ModerationRule[];
}

/** Returns the rules in force. Throws OutputUnchecked when no constitution is verified. */
export function outputRules({ value: { inForce } }: ConstitutionInForce): OutputRules {
  if (inForce.status === 'unverified') throw new OutputUnchecked(`The answer could not be checked: ${inForce.code}.`);
  const { version, digest, document } = inForce;
  return { version, digest, searches: outputSearches(document), categories: classifiedRules(document) };
}

/** The findings of one answer so far. */
class Findings {
  readonly #onFinding: (finding: Finding) => void;
  readonly #known = new Set<string>();
  /** The finding that ends the answer; null while there is none. */
  refused: Finding | null = null;

  constructor(onFinding: (finding: Finding) => void) {
    this.#onFinding = onFinding;
  }

  /** Takes one. A rule of caution is counted once an answer, and the answer goes on. */
  readonly take = ({ name: rule }: { readonly name: ModerationRule }): 'go on' | 'stop' => {
    const finding = moderationFinding({ rule, score: 1 }, 'output');
    if (!this.#known.has(rule.id)) this.#onFinding(finding);
    this.#known.add(rule.id);
    if (rule.severity !== 'forbid') return 'go on';
    this.refused = finding;
    return 'stop';
  };
}

/** Checks the arguments of the calls that an answer asks for: a client of the OpenAI API receives them, too. */
function checkCalls({ toolCalls = [] }: SlmDone, { searches }: OutputRules, found: Findings): void {
  for (const call of toolCalls) {
    const scanner = new TextScanner(searches, found.take);
    scanner.push(normalized(textIn(call.arguments)));
    scanner.end();
    if (found.refused !== null) return;
  }
}

/**
 * Yields the chunks of an answer as far as they may be shown: text that is, or may become, part of what a rule forbids is
 * kept back until it is known that it does not. Without rules the chunks pass as they are. `onFinding` is called once a
 * rule. Rejects with OutputRefused where a rule forbids; everything before that part has been yielded then.
 */
export async function* checkedOutput(
  chunks: AsyncIterable<SlmChunk>,
  rules: OutputRules,
  onFinding: (finding: Finding) => void,
): AsyncGenerator<SlmChunk> {
  if (rules.searches.all.length === 0) return yield* chunks;
  const found = new Findings(onFinding);
  const scanner = new TextScanner(rules.searches, found.take);
  let text = '';
  let shown = 0;
  const next = (): readonly SlmChunk[] => {
    const from = shown;
    shown = scanner.safeLength;
    return shown > from ? [{ kind: 'delta', text: text.slice(from, shown) }] : [];
  };
  for await (const chunk of chunks) {
    if (chunk.kind === 'delta') {
      text += chunk.text;
      scanner.push(chunk.text);
    } else {
      scanner.end();
      if (found.refused === null) checkCalls(chunk, rules, found);
    }
    yield* next();
    if (found.refused !== null) throw new OutputRefused(found.refused, rules, shown);
    if (chunk.kind === 'done') yield chunk;
  }
}
