/** The outside classifier in policy: a worker asks it, and its answer is an input of the decision. */
import type { VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import { usesClassifier } from '../../schemas/contexts/moderation/rules.ts';
import { MODERATION_UNAVAILABLE } from '../../schemas/contexts/moderation/vocabulary.ts';
import { askClassifier, type ClassifierAnswer } from '../../schemas/generated/records.ts';
import { type GovernedCommand, type GovernedRequest, requestOf } from '../../schemas/governed.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import type { Ruling } from './evaluate.ts';
import { charsMaxOf } from './labels.ts';

/** The answer while the classifier was not asked. Denials by our own rules, which come before the question, contain it. */
export const UNCLASSIFIED: ClassifierAnswer = { outcome: 'unasked', scores: [], model: '', detail: '', latencyMs: 0 };

const textsOf = ({ text, classified }: GovernedRequest): readonly string[] =>
  [...(classified ?? []), ...(text === null ? [] : [text])].filter((each) => each.trim() !== '');

/** Returns true when rules of the constitution need the scores of a classifier for this command. Never throws. */
export const needsClassifier = ({ document }: VerifiedConstitution, request: GovernedRequest): boolean =>
  usesClassifier(document) && textsOf(request).length > 0;

/** Returns the question to the classifier: the texts of the command, cut at the limit of the constitution. Never throws. */
export function classifierQuestion(
  { document, version, digest }: VerifiedConstitution,
  command: GovernedCommand,
  { id, key }: Pick<Meta, 'id' | 'key'>,
): RecordOf<'AskClassifier'> {
  const request = requestOf(command);
  const charsMax = charsMaxOf(document, request);
  return askClassifier({
    ...{ subjectId: key, commandId: id, command },
    texts: textsOf(request).map((text) => text.slice(0, charsMax).toWellFormed()),
    ...{ constitutionVersion: version, constitutionDigest: digest },
  });
}

/** Applies a missing answer to an allowing verdict: the command is denied, unless a setting lets it pass. Never throws. */
export const withClassifierAnswer = (answer: ClassifierAnswer, verdict: Ruling): Ruling =>
  answer.outcome === 'unavailable' || answer.outcome === 'invalid'
    ? { ...verdict, outcome: 'deny', reasons: [MODERATION_UNAVAILABLE], clauses: [`classifier:${answer.outcome}`] }
    : verdict;
