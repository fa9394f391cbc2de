/**
 * Changes of one input that could reverse a denial, each the smallest of its kind; counterfactual.ts evaluates them.
 */
import { governs, notCovered } from '../../schemas/capabilities.ts';
import type { ConstitutionDocument } from '../../schemas/contexts/constitution/document.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import { DEFAULT_RESOURCE } from '../../schemas/governed-command.ts';
import { modelOf } from './features.ts';
import { plainText } from './labels.ts';
import { findingsIn, withoutMatches } from './moderation.ts';

export type Input = 'prompt' | 'max_tokens' | 'capabilities' | 'persona' | 'model' | 'labels';

export interface Change {
  readonly input: Input;
  readonly what: string;
  readonly size: number;
  readonly request: GovernedRequest;
}

type IsAllowed = (changed: GovernedRequest) => boolean;

/**
 * Returns the changes of one input that could reverse a denial. `isAllowed` evaluates a changed request; it is called
 * some tens of times, to find the longest allowed text and answer. `personas`: those that may be named instead. Never
 * throws.
 */
export const changesOf = (
  document: ConstitutionDocument,
  request: GovernedRequest,
  isAllowed: IsAllowed,
  personas: readonly string[] = document.personas,
): Change[] => [
  ...promptChanges(document, request, isAllowed),
  ...tokenChanges(request, isAllowed),
  ...capabilityChanges(request),
  ...nameChanges('persona', { from: request.persona, known: personas }, (persona) => ({ ...request, persona })),
  ...modelChanges(document, request),
  ...labelChanges(request),
];

function promptChanges(document: ConstitutionDocument, request: GovernedRequest, isAllowed: IsAllowed): Change[] {
  const { text } = request;
  if (text === null) return [];
  const withText = (what: string, to: string): Change => ({
    input: 'prompt',
    what,
    size: Math.min(1, Math.max(1, text.length - to.length) / Math.max(1, text.length)),
    request: { ...request, text: to },
  });
  if (text.trim() === '') return [withText('say something', 'Hello.')];
  const plain = plainText(document, request);
  const { moderation, labels } = findingsIn(document, plain, []);
  const found = moderation.map(({ rule }) => rule).filter(({ pattern }) => pattern !== undefined);
  const labelling = labels.map(({ rule }) => rule).filter(({ pattern }) => pattern !== undefined);
  const legible = text.replace(/[\p{Co}\p{Cn}]|(?![\t\n\r])\p{Cc}/gu, '');
  const length = largest(1, text.length - 1, (chars) => isAllowed({ ...request, text: text.slice(0, chars) }));
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

function tokenChanges(request: GovernedRequest, isAllowed: IsAllowed): Change[] {
  const asked = request.maxTokens;
  if (asked === null) return [];
  const most = largest(1, asked - 1, (maxTokens) => isAllowed({ ...request, maxTokens }));
  if (most === null) return [];
  const what = `ask for at most ${most} tokens`;
  return [{ input: 'max_tokens', what, size: (asked - most) / asked, request: { ...request, maxTokens: most } }];
}

function capabilityChanges(request: GovernedRequest): Change[] {
  const { capabilities, needs, alsoNeeds = [] } = request;
  const withCapabilities = (what: string, to: readonly string[], changed: number): Change => ({
    input: 'capabilities',
    what,
    size: changed / Math.max(1, capabilities.length, to.length),
    request: { ...request, capabilities: to },
  });
  const wanted = [
    ...(needs === null || capabilities.includes(needs) ? [] : [needs]),
    ...notCovered(capabilities, alsoNeeds),
  ];
  const rest = capabilities.filter((each) => !governs(each));
  return [
    ...(wanted.length === 0
      ? []
      : [withCapabilities(`have the capability ${wanted.join(' and ')}`, [...capabilities, ...wanted], wanted.length)]),
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

function labelChanges(request: GovernedRequest): Change[] {
  const { labels } = request;
  return [...new Set(labels)].map((leave) => ({
    input: 'labels',
    what: `declare no label ${leave}`,
    size: 1 / labels.length,
    request: { ...request, labels: labels.filter((each) => each !== leave) },
  }));
}

/** Returns a change to each name in the constitution. The most similar name is the smallest change. */
function nameChanges(
  input: 'persona' | 'model',
  { from, known }: { readonly from: string | null; readonly known: readonly string[] },
  named: (name: string | null) => GovernedRequest,
): Change[] {
  if (from === null) return [];
  const others = known.filter((name) => name !== '*' && name !== from);
  return others.map((name) => ({
    input,
    what: `name the ${input} ${name}`,
    size: distance(from, name) / Math.max(1, from.length, name.length),
    request: named(name),
  }));
}

function modelChanges({ models }: ConstitutionDocument, request: GovernedRequest): Change[] {
  const from = modelOf(request);
  if (from === null) return [];
  const named = (id: string | null): GovernedRequest => ({
    ...request,
    resource: { type: 'Model', id },
    needs: needsFor(request.needs, from, id ?? DEFAULT_RESOURCE),
  });
  return [
    ...nameChanges('model', { from, known: models }, named),
    { input: 'model', what: 'name no model', size: 1, request: named(null) },
  ];
}

/** Returns the capability for another resource: when it ends in the name of the resource, that name is replaced. */
const needsFor = (needs: string | null, from: string, to: string): string | null =>
  needs?.endsWith(`:${from}`) ? `${needs.slice(0, -from.length)}${to}` : needs;

/**
 * Returns the largest whole number from `low` to `high` that satisfies `isRight`, which must hold for all smaller ones
 * too; null when it fails for `low`.
 */
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

/**
 * Returns the Levenshtein distance: insertions, deletions and replacements of characters between two names. Names are
 * short.
 */
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
