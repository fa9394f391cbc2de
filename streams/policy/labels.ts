import type { ConstitutionDocument } from '../../schemas/contexts/constitution/document.ts';
import { normalized } from '../../schemas/contexts/moderation/normal.ts';
import type { LabelSource, SessionHistory } from '../../schemas/generated/records.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import type { TextFindings } from './moderation.ts';

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

/** Returns the labels of a command without repetitions: declared by its caller, found in its text, then others. Never throws. */
export const labelsOf = (
  { labels }: Pick<GovernedRequest, 'labels'>,
  { labels: found }: TextFindings,
  others: readonly string[] = [],
): readonly string[] => [...new Set([...labels, ...found.map(({ rule }) => rule.label), ...others])];

/** Returns where a label of a command came from. */
export const sourceIn = (declared: readonly string[], label: string): string =>
  declared.includes(label) ? 'declared by the caller' : 'found in the text';

/**
 * Returns the labels that the rules see for a command, each once, and where it came from: its session first, then the
 * command. Never throws.
 */
export function flowOf(
  { labels: declared, brought = [] }: Pick<GovernedRequest, 'labels' | 'brought'>,
  labels: readonly string[],
  history: SessionHistory | null,
): readonly LabelSource[] {
  const before = (history?.labels ?? []).map(
    (label) => history?.origins.find((origin) => origin.label === label) ?? { label, source: 'session', origin: null },
  );
  const own = labels.filter((label) => history?.labels.includes(label) !== true);
  const sourceOf = (label: string): LabelSource =>
    brought.find((each) => each.label === label) ?? { label, source: sourceIn(declared, label), origin: null };
  return [...before, ...own.map(sourceOf)];
}
