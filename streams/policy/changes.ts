/** Changes of one input that could turn a denial, each the least of its kind. Whether it does is judged by flip.ts. */
import { governs } from '../../schemas/capabilities.ts';
import type { ConstitutionDocument } from '../../schemas/constitution.ts';
import { plainText } from './labels.ts';
import { matching, withoutMatches } from './moderation.ts';
import type { Subject } from './subject.ts';

export type Input = 'prompt' | 'max_tokens' | 'capabilities' | 'persona' | 'model' | 'labels';

export interface Change {
  readonly input: Input;
  readonly what: string;
  readonly size: number;
  readonly subject: Subject;
}

type IsAllowed = (changed: Subject) => boolean;

export const changesOf = (document: ConstitutionDocument, subject: Subject, isAllowed: IsAllowed): Change[] => [
  ...promptChanges(document, subject, isAllowed),
  ...tokenChanges(subject, isAllowed),
  ...capabilityChanges(subject),
  ...nameChanges('persona', document.personas, subject),
  ...nameChanges('model', document.models, subject),
  ...labelChanges(subject),
];

function promptChanges(document: ConstitutionDocument, subject: Subject, isAllowed: IsAllowed): Change[] {
  const { text } = subject;
  if (text === null) return [];
  const withText = (what: string, to: string): Change => ({
    input: 'prompt',
    what,
    size: Math.min(1, Math.max(1, text.length - to.length) / Math.max(1, text.length)),
    subject: { ...subject, text: to },
  });
  if (text.trim() === '') return [withText('say something', 'Hello.')];
  const plain = plainText(document, subject);
  const found = matching(document.moderation, plain);
  const labelling = matching(document.labels ?? [], plain);
  const legible = text.replace(/[\p{Co}\p{Cn}]|(?![\t\n\r])\p{Cc}/gu, '');
  const length = largest(1, text.length - 1, (chars) => isAllowed({ ...subject, text: text.slice(0, chars) }));
  return [
    ...found.map((rule) => withText(`remove what rule ${rule.id} matches`, withoutMatches([rule], plain))),
    ...labelling.map((rule) => withText(`remove what label ${rule.id} matches`, withoutMatches([rule], plain))),
    ...(found.length > 1
      ? [withText(`remove what rules ${found.map(({ id }) => id).join(', ')} match`, withoutMatches(found, plain))]
      : []),
    ...(legible === text ? [] : [withText('remove characters that people do not type', legible)]),
    ...(length === null ? [] : [withText(`cut the text to ${length} characters`, text.slice(0, length))]),
  ];
}

function tokenChanges(subject: Subject, isAllowed: IsAllowed): Change[] {
  const asked = subject.maxTokens;
  if (asked === null) return [];
  const most = largest(1, asked - 1, (maxTokens) => isAllowed({ ...subject, maxTokens }));
  if (most === null) return [];
  const what = `ask for at most ${most} tokens`;
  return [{ input: 'max_tokens', what, size: (asked - most) / asked, subject: { ...subject, maxTokens: most } }];
}

function capabilityChanges(subject: Subject): Change[] {
  const { capabilities, needs } = subject;
  const withCapabilities = (what: string, to: readonly string[], changed: number): Change => ({
    input: 'capabilities',
    what,
    size: changed / Math.max(1, capabilities.length, to.length),
    subject: { ...subject, capabilities: to },
  });
  const rest = capabilities.filter((each) => !governs(each));
  return [
    ...(needs === null || capabilities.includes(needs)
      ? []
      : [withCapabilities(`have the capability ${needs}`, [...capabilities, needs], 1)]),
    ...[...new Set(capabilities)].map((leave) =>
      withCapabilities(
        `do without the capability ${leave}`,
        capabilities.filter((each) => each !== leave),
        1,
      ),
    ),
    ...(capabilities.length - rest.length > 1
      ? [withCapabilities('do without capabilities that govern', rest, capabilities.length - rest.length)]
      : []),
  ];
}

function labelChanges(subject: Subject): Change[] {
  const { labels } = subject;
  return [...new Set(labels)].map((leave) => ({
    input: 'labels',
    what: `declare no label ${leave}`,
    size: 1 / labels.length,
    subject: { ...subject, labels: labels.filter((each) => each !== leave) },
  }));
}

/** Every name that the constitution knows, and for a model none, which takes the default. The nearest is the smallest change. */
function nameChanges(input: 'persona' | 'model', known: readonly string[], subject: Subject): Change[] {
  const from = subject[input];
  if (from === null) return [];
  const named = known
    .filter((name) => name !== '*' && name !== from)
    .map((name) => ({
      input,
      what: `name the ${input} ${name}`,
      size: distance(from, name) / Math.max(1, from.length, name.length),
      subject: { ...subject, [input]: name, ...(input === 'model' && { needs: needsOf(subject, name) }) },
    }));
  if (input === 'persona') return named;
  const none = { ...subject, model: null, needs: needsOf(subject, 'default') };
  return [...named, { input, what: 'name no model', size: 1, subject: none }];
}

/** With another model another capability is needed. */
const needsOf = ({ needs }: Subject, model: string): string | null =>
  needs === null ? null : `${needs.split(':').slice(0, 2).join(':')}:${model}`;

/** The largest whole number from `low` to `high` that is right, where smaller ones are right too; null when `low` is not. */
function largest(low: number, high: number, isRight: (value: number) => boolean): number | null {
  if (high < low) return null;
  if (isRight(high)) return high;
  if (!isRight(low)) return null;
  let right = low;
  let wrong = high;
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    if (isRight(middle)) right = middle;
    else wrong = middle;
  }
  return right;
}

/** Insertions, deletions and exchanges of characters that lead from one name to the other (Levenshtein). Names are short. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
