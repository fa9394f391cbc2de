import type { ConstitutionDocument } from '../../schemas/constitution.ts';
import { matching, normalized } from './moderation.ts';
import type { Subject } from './subject.ts';

/** Longest text of such a command that the constitution allows, in UTF-16 units. */
export const charsMaxOf = ({ limits }: ConstitutionDocument, { action }: Subject): number =>
  action === 'EmbedText' ? limits.embedding_chars_max : limits.prompt_chars_max;

/** What is said, as the rules see it. */
export const plainText = (document: ConstitutionDocument, subject: Subject): string =>
  normalized(subject.text ?? '', charsMaxOf(document, subject));

/** Labels of a command: what its caller declared, then what is found in its text. */
export const labelsOf = (document: ConstitutionDocument, { labels }: Subject, plain: string): readonly string[] => [
  ...new Set([...labels, ...matching(document.labels ?? [], plain).map(({ label }) => label)]),
];
