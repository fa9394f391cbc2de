/**
 * Fails on text that must never be committed: unfinished marks, disabled tests, machine paths, registry hosts, key
 * material.
 */
import { projectRoot, readSources, report, type SourceFile } from './files.ts';

interface Rule {
  readonly code: string;
  readonly pattern: RegExp;
  readonly why: string;
}

// Each pattern is written so that it does not match its own text here.
const rules: readonly Rule[] = [
  { code: 'UNFINISHED', pattern: /\b(?:TO[D]O|FIX[M]E)\b/, why: 'finish it or file an issue' },
  {
    code: 'TEST_OFF',
    pattern: /\b(?:describe|it|test|suite|bench)(?:\.\w+)*\.(?:only|skip|todo)\b/,
    why: 'every test runs; a condition goes into skipIf with its reason',
  },
  { code: 'CONFLICT', pattern: /^(?:<{7}|>{7}) /m, why: 'a merge was left half done' },
  {
    code: 'MACHINE_PATH',
    pattern: /(?<![\w.$}/-])(?:\/(?:home|Users)\/(?!node\/)[\w.-]+|\/root\/|\/work\/|[A-Z]:\\Users\\)/,
    why: 'a path of one machine',
  },
  {
    code: 'REGISTRY_HOST',
    pattern: /"resolved":\s*"https?:|\b(?:extra-)?index-url[ =]+https?:|^\s*(?:@[\w-]+:)?registry\s*=\s*https?:/m,
    why: 'a package registry belongs to the machine, not to the repository',
  },
  {
    code: 'PRIVATE_KEY',
    pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\n|\s)*[A-Za-z0-9+/=]{16,}/,
    why: 'a private key',
  },
  { code: 'API_KEY', pattern: /\bkhp_[A-Za-z0-9_-]{16,}/, why: 'an API key; take it from the environment' },
  {
    code: 'TOKEN',
    pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/,
    why: 'a JSON web token',
  },
];

/** Returns one sentence per finding, with its line. */
export function findings({ path, text }: SourceFile): string[] {
  return rules.flatMap(({ code, pattern, why }) => {
    const match = pattern.exec(text);
    if (match === null) return [];
    return [`${code} ${path}:${text.slice(0, match.index).split('\n').length}: ${why}`];
  });
}

/** Fewer files than this and the check has looked in the wrong place. */
const FILES_MIN = 50;

export function checkHygiene(root: string, filesMin = FILES_MIN): { seen: number; problems: readonly string[] } {
  const files = readSources(root, () => true);
  const problems = files.flatMap(findings);
  if (files.length < filesMin) problems.push(`saw ${files.length} files, expected ${filesMin} or more`);
  return { seen: files.length, problems };
}

if (import.meta.main) {
  const { seen, problems } = checkHygiene(projectRoot);
  report('HYGIENE', seen, problems);
}
