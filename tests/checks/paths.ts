/** Fails on a page that names a file or folder of the repository that does not exist. */
import { posix } from 'node:path';
import { pathsUnder, projectRoot, readSources, report, type SourceFile } from './files.ts';

/** Text after an example path, such as `schemas/avro/<context>/` or `tests/**`, that makes it a pattern. */
const PATTERN = /^[<*{…]/;
/** A path begins where no other path, URL, relative link or word is going on. */
const PATH = /(?<![\w./@:-])(?<path>\.?\w[\w.-]*(?:\/[\w.-]+)+\/?|\.?\w[\w.-]*\/)/g;
/** A source file that is named without its folder. */
const NAME = /`(?<name>[\w.-]+\.(?:ts|mts|mjs|cjs|py|avsc|sql))`/g;

/** Returns every path with each of its folders, and every folder of the top. */
function index(paths: readonly string[]) {
  const known = new Set<string>();
  for (const path of paths) for (let each = path; each !== '.'; each = posix.dirname(each)) known.add(each);
  const tops = new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''));
  return { known, tops, names: new Set(paths.map((path) => posix.basename(path))) };
}

/** A tree that is laid out like the repository; a page that shows files of it names their places in the repository. */
const FIXTURE = /tests\/fixtures\/[\w-]+\//g;

/** Returns the files of the repository, and those of the fixture trees that a page shows, where they would be. */
function withFixtures({ text }: SourceFile, paths: readonly string[]): readonly string[] {
  const trees = [...new Set([...text.matchAll(FIXTURE)].map(([tree]) => tree))];
  return trees.length === 0
    ? paths
    : [
        ...paths,
        ...trees.flatMap((tree) => paths.flatMap((path) => (path.startsWith(tree) ? [path.slice(tree.length)] : []))),
      ];
}

/** Returns one sentence per path that `page` names and `paths`, the files of the repository, do not contain. */
export function findPaths(page: SourceFile, paths: readonly string[]): string[] {
  const { known, tops, names } = index(withFixtures(page, paths));
  const missing = (named: string, at: number): string =>
    `${page.path}:${page.text.slice(0, at).split('\n').length}: ${named} does not exist`;
  const byPath = [...page.text.matchAll(PATH)].flatMap(({ 0: text, index: at, groups }) => {
    const path = (groups?.['path'] ?? '').replace(/[/.]+$/, '');
    const top = path.split('/')[0] ?? '';
    if (!tops.has(top) || known.has(path) || PATTERN.test(page.text.slice(at + text.length))) return [];
    return [missing(path, at)];
  });
  const byName = [...page.text.matchAll(NAME)].flatMap(({ index: at, groups }) => {
    const name = groups?.['name'] ?? '';
    return names.has(name) ? [] : [missing(name, at)];
  });
  return [...byPath, ...byName];
}

/** Fewer pages than this and the check has looked in the wrong place. */
const PAGES_MIN = 40;

/** Checks every Markdown page of `root`. */
export function checkPaths(root: string, pagesMin = PAGES_MIN): { seen: number; problems: readonly string[] } {
  const paths = pathsUnder(root);
  const pages = readSources(root, (path) => path.endsWith('.md'));
  const problems = pages.flatMap((page) => findPaths(page, paths));
  if (pages.length < pagesMin) problems.push(`saw ${pages.length} pages, expected ${pagesMin} or more`);
  return { seen: pages.length, problems };
}

if (import.meta.main) {
  const { seen, problems } = checkPaths(projectRoot);
  report('PATHS', seen, problems);
}
