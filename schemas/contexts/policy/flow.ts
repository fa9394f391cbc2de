/**
 * Reserved labels, which flow through a session: what an output or a prompt brought in, every later command of the session
 * carries. Source: FIDES, Securing AI Agents with Information-Flow Control, 2025.
 */

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
