/**
 * Fails on phrases that a reader must read twice: docs, comments and texts are plain technical English, with one word
 * per concept.
 */
import { projectRoot, readSources, report, type SourceFile } from './files.ts';

interface Phrase {
  readonly pattern: RegExp;
  readonly say: string;
}

// Each pattern is written so that it does not match its own text here.
const phrases: readonly Phrase[] = [
  { pattern: /\b[a]new\b/i, say: 'again' },
  { pattern: /\b[w]hoever\b/i, say: 'the subject by its name: a caller, a reader, an operator' },
  // In quotes it is the Unix user.
  { pattern: /(?<!['`])\b[n]obody\b/i, say: 'what does not happen, with its subject' },
  { pattern: /\b[s]omebody\b/i, say: 'the subject by its name' },
  { pattern: /\b[n]owhere\b/i, say: 'not … anywhere, or what happens instead' },
  { pattern: /\bfor [e]ver\b/i, say: 'permanently, without limit' },
  { pattern: /\bof [w]hatever\b/i, say: 'any' },
  { pattern: /\bas (?:it|they) [s]tands?\b/i, say: 'the current …' },
  { pattern: /\bwhat [s]tands\b/i, say: 'the content, the records, the current …' },
  { pattern: /\b(?:is|are|was|were|be|been) [t]old\b/i, say: 'receives, is reported' },
  { pattern: /\b[t]ells? of\b/i, say: 'reports' },
  { pattern: /\bbe [i]t\b/i, say: 'whether … or …' },
  { pattern: /\b(?:no|none|not) (?:\w+ ){1,3}[n]or\b/i, say: 'no … and no …, or two sentences' },
  {
    pattern: /(?:^|[*/#.:] |['"`])[W]hat (?:has to|comes|came|became|goes|went|is(?! an? )|was|of|may)\b/m,
    say: 'a sentence with its subject first',
  },
  { pattern: /(?:^|[*/#.:] |['"`])[T]hose (?:that|of|who|which)\b/m, say: 'the noun: "Records that …"' },
];

/** Returns one sentence per finding, with its line. */
export function findWords({ path, text }: SourceFile): string[] {
  return phrases.flatMap(({ pattern, say }) =>
    [...text.matchAll(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`))].map((match) => {
      const line = text.slice(0, match.index + match[0].length).split('\n').length;
      return `${path}:${line}: "${match[0].trim()}": say ${say}`;
    }),
  );
}

/** Fewer files than this and the check has looked in the wrong place. */
const FILES_MIN = 50;
const READ = /^(?:schemas|streams|projections|gateways|infra|tests|docs|README\.md).*\.?(?:ts|mjs|md|avsc)$/;
/** Historical pages: measurements and decisions of a day keep their words. */
const KEPT = /^(?:docs\/(?:reference\/benchmarks|sprints\/)|schemas\/(?:released|generated)\/)/;

export function checkWords(root: string, filesMin = FILES_MIN): { seen: number; problems: readonly string[] } {
  const files = readSources(root, (path) => READ.test(path) && !KEPT.test(path));
  const problems = files.flatMap(findWords);
  if (files.length < filesMin) problems.push(`saw ${files.length} files, expected ${filesMin} or more`);
  return { seen: files.length, problems };
}

if (import.meta.main) {
  const [, , ...only] = process.argv;
  const { seen, problems } = checkWords(projectRoot);
  report(
    'WORDS',
    seen,
    only.length === 0 ? problems : problems.filter((each) => only.some((path) => each.startsWith(path))),
  );
}
