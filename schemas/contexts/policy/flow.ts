/**
 * Reserved labels, which flow through a session: what an output or a prompt brought in, every later command of the session
 * carries. Source: FIDES, Securing AI Agents with Information-Flow Control, 2025.
 */

import type { PolicyDecided } from '../../generated/records.ts';

/** Whether people of the tenant vouch for a content. Without a label it is trusted. */
export const integrityLabels = ['trusted', 'untrusted'] as const;
/** Who may see a content, the widest first. Without a label it is public. */
export const confidentialityLabels = ['public', 'internal', 'personal', 'secret'] as const;
export type Integrity = (typeof integrityLabels)[number];
export type Confidentiality = (typeof confidentialityLabels)[number];

/** Returns `untrusted` where one of the labels says so: one untrusted part makes the whole untrusted. */
export const integrityOf = (labels: readonly string[]): Integrity =>
  labels.includes('untrusted') ? 'untrusted' : 'trusted';

/** Returns the narrowest confidentiality among the labels; `public` without one. */
export const confidentialityOf = (labels: readonly string[]): Confidentiality =>
  confidentialityLabels.findLast((label) => labels.includes(label)) ?? 'public';

/** Labels that must not leave to a tool whose manifest does not take them, wherever they came from. */
export const keptIn: readonly string[] = ['personal', 'secret'];

/** Returns true for a label of integrity or confidentiality. */
export const isReserved = (label: string): boolean =>
  ([...integrityLabels, ...confidentialityLabels] as readonly string[]).includes(label);

/**
 * Returns the labels of what a decided command leads to, each once: those that it declared, those that were found in its text,
 * and the reserved ones that the rules saw of its session. What leaves the session has them. Never throws.
 */
export const carriedLabels = (
  declared: readonly string[],
  { labels, flow }: Pick<PolicyDecided, 'labels' | 'flow'>,
): readonly string[] => [...new Set([...declared, ...labels, ...flow.map(({ label }) => label).filter(isReserved)])];
