/** Checks texts by the rules of a constitution, without a platform. */
import type { ConstitutionDocument } from '../../../schemas/contexts/constitution/document.ts';
import { normalized } from '../../../schemas/contexts/moderation/normal.ts';
import { labelFinding, matchesOf, moderationFinding, rulesAt } from '../../../schemas/contexts/moderation/rules.ts';
import { type ModerationPlace, moderationPlaces } from '../../../schemas/contexts/moderation/vocabulary.ts';
import type { Finding } from '../../../schemas/generated/records.ts';
import { defaultConstitution } from '../../governance/constitution/default.ts';
import { parseConstitution } from '../../governance/constitution/document.ts';
import { readDocument } from '../constitution/read-document.ts';
import { failure } from '../failure.ts';

/** Returns what the rules of a place find in a text. Categories of the outside classifier find nothing: it is not asked. */
function findingsAt(
  { moderation, labels = [] }: ConstitutionDocument,
  plain: string,
  place: ModerationPlace,
): readonly Finding[] {
  return [
    ...matchesOf(rulesAt(moderation, place), plain).map((match) => moderationFinding(match, place)),
    ...matchesOf(rulesAt(labels, place), plain).map((match) => labelFinding(match, place)),
  ];
}

/**
 * Checks a text at places, by the constitution in a file, or by the default one. Throws CONSTITUTION_INVALID for a
 * document that cannot be used, and USAGE for an unknown place.
 */
export function checkText(text: string, places: readonly ModerationPlace[], file?: string) {
  const unknown = places.find((place) => !moderationPlaces.includes(place));
  if (unknown !== undefined) throw failure('USAGE', `--place: expected ${moderationPlaces.join(', ')}, not ${unknown}`);
  const document = file === undefined ? defaultConstitution : parseConstitution(readDocument(file));
  const plain = normalized(text);
  const results = places.map((place) => ({ place, findings: findingsAt(document, plain, place) }));
  return { version: document.version, results };
}
