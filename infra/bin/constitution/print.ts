import type { ActiveView, ListView, VersionView } from './api.ts';

const marks = ({ active, shadow, status }: VersionView): string =>
  [status, ...(active ? ['ACTIVE'] : []), ...(shadow ? ['shadow'] : [])].join(', ');

/** Returns the lines that describe one version. */
export const versionLines = (found: VersionView): readonly string[] => [
  `constitution ${found.version}  ${marks(found)}`,
  `  sha256      ${found.digest}`,
  `  proposed by ${found.proposed_by ?? 'setup'}`,
  ...found.reviews.map(({ reviewer, verdict, comment }) => `  ${verdict.padEnd(11)} ${reviewer}  ${comment}`.trimEnd()),
  ...found.signed_by.map((key) => `  signed with ${key}`),
];

/** Returns one line per version. */
export const listLines = ({ items }: ListView): readonly string[] =>
  items.map(
    (found) =>
      `${found.version.padEnd(16)} ${marks(found).padEnd(24)} ${found.digest.slice(0, 12)}  ${found.changed_at}`,
  );

/** Returns the lines that describe the active version. */
export const activeLines = ({ version, digest, offset }: ActiveView): readonly string[] => [
  `constitution ${version} decides from offset ${offset} of constitution.events on`,
  `  sha256 ${digest}`,
];
