import type { Schemas } from '../../../../infra/client/api.ts';
import { anyCovers } from '../../../../schemas/capabilities.ts';
import { neededBy } from '../../../../schemas/contexts/capsules/needs.ts';
import { capsuleNameOf, reviewCapability } from '../../../../schemas/contexts/capsules.ts';
import type { WorkflowDocument } from '../../../../schemas/contexts/workflows/document.ts';
import { amount } from './text.ts';

type Capsule = Schemas['Capsule'];
type Summary = Schemas['CapsuleSummary'];

/** The signed manifest, as far as pages show it. */
export interface Manifest {
  readonly keywords: readonly string[];
  readonly agent: {
    readonly name: string;
    readonly instructions: string;
    readonly prompt: string;
    readonly model: string | null;
    readonly limits: {
      readonly steps: number;
      readonly tokens: number;
      readonly cost: string | null;
      readonly wall_ms: number;
    };
  };
  /** `digest` is null for the manifest that the installing tenant has. */
  readonly tools: readonly { readonly name: string; readonly digest: string | null }[];
  readonly input: unknown;
  readonly output: unknown;
  readonly workflow?: WorkflowDocument;
  readonly golden: readonly { readonly name: string; readonly input: unknown; readonly expects: string | null }[];
}

/** Returns the manifest of a capsule: the gateway checked it when the capsule was submitted. */
export const manifestOf = ({ manifest }: Pick<Capsule, 'manifest'>): Manifest => manifest as Manifest;

/** Returns the URL of the page of a capsule by its id, `<publisher>/<name>@<version>`; that of the list for any other text. */
export function capsulePage(id: string): string {
  const { tenant, name, version } = capsuleNameOf(id) ?? { tenant: '', name: '', version: '' };
  return name === '' ? '/console/capsules' : `/console/capsules/${encodeURIComponent(tenant)}/${name}/${version}`;
}

/** Returns the URL of the page of an install. */
export const installPage = (name: string): string => `/console/capsules/installs/${name}`;

/** Returns a price in words: `free`, `0.5 EUR an install`. */
export const priceText = ({ amount: price, currency, meter }: Schemas['CapsulePrice']): string =>
  Number(price) === 0 ? 'free' : `${amount(price)} ${currency} ${meter === 'install' ? 'an' : 'a'} ${meter}`;

/** A capability that a capsule asks for. */
export interface Ask {
  readonly capability: string;
  /** True for one that a run cannot do without. */
  readonly isNeeded: boolean;
}

/** Returns what a capsule asks for. */
export function asksOf({ asks, manifest }: Pick<Capsule, 'asks' | 'manifest'>): readonly Ask[] {
  const needed = neededBy(manifestOf({ manifest }));
  return asks.map((capability) => ({ capability, isNeeded: needed.some((each) => anyCovers([capability], each)) }));
}

/** Returns whether a grant covers a capability. */
export const isGranted = (granted: readonly string[], capability: string): boolean => anyCovers(granted, capability);

/** A statement about a capsule, as its bundle has it. Its signature was checked when it was added. */
export interface ShownStatement {
  /** Kind in words: that of its predicate, or the URL of the predicate. */
  readonly kind: string;
  /** sha256 of the manifest that it is about; null where the bundle has none. */
  readonly digest: string | null;
  readonly predicate: unknown;
}

/** Predicates of statements, by the end of their URL. */
const KINDS: readonly (readonly [string, string])[] = [
  ...([
    ['slsa.dev/provenance', 'provenance'],
    ['cyclonedx.org/bom', 'bill of materials'],
    ['attestation/test-result', 'test results'],
  ] as const),
  ...([
    ['capsule-review', 'review'],
    ['slsa.dev/verification_summary', 'verdict'],
  ] as const),
];

const textOf = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));

/** Returns what a Sigstore bundle says. Never throws: a bundle that this page cannot read has no kind of its own. */
export function statementIn(bundle: unknown): ShownStatement {
  const { dsseEnvelope } = (bundle ?? {}) as { readonly dsseEnvelope?: { readonly payload?: string } };
  try {
    const { predicateType, predicate, subject } = JSON.parse(textOf(dsseEnvelope?.payload ?? '')) as {
      readonly predicateType: string;
      readonly predicate: unknown;
      readonly subject?: readonly { readonly digest?: { readonly sha256?: string } }[];
    };
    const kind = KINDS.find(([part]) => predicateType.includes(part))?.[1] ?? predicateType;
    return { kind, digest: subject?.[0]?.digest?.sha256 ?? null, predicate };
  } catch {
    return { kind: 'unreadable', digest: null, predicate: bundle };
  }
}

/** A caller, as the session of the console names it. */
export interface Reviewer {
  readonly principal: string;
  readonly may: (capability: string) => boolean;
}

/** Returns why a caller does not review a capsule, for people; null when the page offers it. The gateway decides. */
export function notReviewable(
  { status, publisher, published_by: publishedBy, reviews }: Capsule,
  { principal, may }: Reviewer,
): string | null {
  if (status !== 'submitted') return '';
  if (publishedBy === principal) return 'Who publishes a capsule does not review it.';
  if (reviews.some((review) => review.principal === principal)) return 'You have reviewed this version.';
  const needed = reviewCapability(publisher);
  return may(needed) ? null : `A review takes ${needed}.`;
}

const REVIEW = 'capsules:review:';

/** Returns the publishers whose queues a caller sees without a question: its own tenant, and those that a capability names. */
export const queuePublishers = (capabilities: readonly string[], tenant: string): readonly string[] =>
  [
    ...new Set([
      tenant,
      ...capabilities.filter((each) => each.startsWith(REVIEW)).map((each) => each.slice(REVIEW.length)),
    ]),
  ].filter((publisher) => publisher !== '*');

/** Returns the versions of one capsule among those that a search found, the newest first. */
export const versionsOf = (
  found: readonly Summary[],
  { publisher, name }: Pick<Summary, 'publisher' | 'name'>,
): readonly Summary[] =>
  found
    .filter((each) => each.publisher === publisher && each.name === name)
    .toSorted((a, b) => (b.changed_at ?? '').localeCompare(a.changed_at ?? ''));
