import type { ConstitutionDocument } from '../../schemas/contexts/constitution/document.ts';
import type { LabelSource, SessionHistory } from '../../schemas/generated/records.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import { matching, normalized } from './moderation.ts';

/** Returns the longest text that the constitution allows for such a command, in UTF-16 units. Never throws. */
export const charsMaxOf = (
  { limits }: ConstitutionDocument,
  { textLimit }: Pick<GovernedRequest, 'textLimit'>,
): number => limits[textLimit];

/** Returns the text as the rules see it: normalized and cut at its limit; empty without a text. Never throws. */
export const plainText = (
  document: ConstitutionDocument,
  request: Pick<GovernedRequest, 'text' | 'textLimit'>,
): string => normalized(request.text ?? '', charsMaxOf(document, request));

/**
 * Returns the labels of a command without repetitions: those declared by its caller, then those found in its text.
 * Never throws.
 */
export const labelsOf = (
  document: ConstitutionDocument,
  { labels }: Pick<GovernedRequest, 'labels'>,
  plain: string,
): readonly string[] => [...new Set([...labels, ...matching(document.labels ?? [], plain).map(({ label }) => label)])];

/** Returns where a label of a command came from. */
export const sourceIn = (declared: readonly string[], label: string): string =>
  declared.includes(label) ? 'declared by the caller' : 'found in the text';

/**
 * Returns the labels that the rules see for a command, each once, and where it came from: its session first, then the
 * command. Never throws.
 */
export function flowOf(
  { labels: declared }: Pick<GovernedRequest, 'labels'>,
  labels: readonly string[],
  history: SessionHistory | null,
): readonly LabelSource[] {
  const before = (history?.labels ?? []).map(
    (label) => history?.origins.find((origin) => origin.label === label) ?? { label, source: 'session', origin: null },
  );
  const own = labels.filter((label) => history?.labels.includes(label) !== true);
  return [...before, ...own.map((label) => ({ label, source: sourceIn(declared, label), origin: null }))];
}
