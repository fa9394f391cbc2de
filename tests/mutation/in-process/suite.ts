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

/** The file whose import is declaring tests, with the path of its open suites. */
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

/** Collects the tests that the import of one file declares. */
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

/** Adds a suite to the open one. Throws when no file is being imported. */
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

/** Adds a test to the open suite. Throws when no file is being imported. */
export function addTest(name: string, body: Body): void {
  const { suite, path, file, ids } = current();
  const full = [...path.slice(1).map((outer) => outer.name), name].join(' > ');
  let id = `${file}#${full}`;
  for (let repeat = 2; ids.has(id); repeat += 1) id = `${file}#${full} (${repeat})`;
  ids.add(id);
  suite.members.push({ id, name: full, file, body });
}

/** Adds a hook to the open suite. Throws when no file is being imported. */
export function addHook(kind: keyof Hooks, body: Body): void {
  current().suite.hooks[kind].push(body);
}
