import { searchOf } from '../../schemas/contexts/moderation/detectors.ts';
import { normalized } from '../../schemas/contexts/moderation/normal.ts';
import { searchesOf, TextScanner } from '../../schemas/contexts/moderation/scanner.ts';
import { type SpanDetector, spanDetectors } from '../../schemas/contexts/moderation/vocabulary.ts';

const searches = searchesOf(spanDetectors.map((name) => ({ name, ...searchOf(name) })));

/** A text without personal data. */
export interface Redacted {
  readonly text: string;
  /** Number of places that were taken out. */
  readonly redactions: number;
}

interface Span {
  readonly name: SpanDetector;
  readonly at: number;
  readonly end: number;
}

/**
 * Returns a text with each finding of the detectors of personal data replaced by its name, such as `[email-address]`: then it is
 * in the normal form that rules see. Findings that overlap are one place, with the name of the first.
 */
export function redact(given: string): Redacted {
  const text = normalized(given);
  const spans: Span[] = [];
  const scanner = new TextScanner(searches, ({ name, at, text: found }) => {
    spans.push({ name, at, end: at + found.length });
    return 'go on';
  });
  scanner.push(text);
  scanner.end();
  if (spans.length === 0) return { text: given, redactions: 0 };
  const places: Span[] = [];
  for (const span of spans.sort((one, other) => one.at - other.at || other.end - one.end)) {
    const last = places.at(-1);
    if (last !== undefined && span.at < last.end)
      places[places.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else places.push(span);
  }
  const kept = places.map(({ name, at }, n) => `${text.slice(places[n - 1]?.end ?? 0, at)}[${name}]`);
  return { text: `${kept.join('')}${text.slice(places.at(-1)?.end ?? 0)}`, redactions: places.length };
}
