/** The tree of suites and tests that a test file declares, as vitest's: hooks, nesting, one name per test. */
export type Body = (context: object) => unknown;

export interface Hooks {
  readonly beforeAll: Body[];
  readonly afterAll: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
}

export interface Test {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly body: Body;
}

export interface Suite {
  readonly name: string;
  readonly hooks: Hooks;
  readonly members: (Suite | Test)[];
}

const newSuite = (name: string): Suite => ({
  name,
  hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] },
  members: [],
});

/** The file whose import declares tests just now, and how deep in its suites that is. */
let open: { readonly file: string; readonly path: Suite[]; readonly ids: Set<string> } | null = null;

function current(): {
  readonly file: string;
  readonly path: Suite[];
  readonly ids: Set<string>;
  readonly suite: Suite;
} {
  const suite = open?.path.at(-1);
  if (open === null || suite === undefined)
    throw new Error('tests are declared while their file is imported, not later');
  return { ...open, suite };
}

/** Declares what the import of one file declares. */
export async function declare(file: string, load: () => Promise<unknown>): Promise<Suite> {
  const root = newSuite('');
  open = { file, path: [root], ids: new Set() };
  try {
    await load();
  } finally {
    open = null;
  }
  return root;
}

export function addSuite(name: string, body: () => void): void {
  const { suite, path } = current();
  const inner = newSuite(name);
  suite.members.push(inner);
  path.push(inner);
  try {
    body();
  } finally {
    path.pop();
  }
}

export function addTest(name: string, body: Body): void {
  const { suite, path, file, ids } = current();
  const full = [...path.slice(1).map((outer) => outer.name), name].join(' > ');
  let id = `${file}#${full}`;
  for (let repeat = 2; ids.has(id); repeat += 1) id = `${file}#${full} (${repeat})`;
  ids.add(id);
  suite.members.push({ id, name: full, file, body });
}

export function addHook(kind: keyof Hooks, body: Body): void {
  current().suite.hooks[kind].push(body);
}
