/** Fails on a folder, topic, capability or name that is not in the glossary: one concept, one word. */
import { type Context, contextNames, contexts } from '../../schemas/contexts.ts';
import { allTopics } from '../../schemas/topics.ts';
import { projectRoot, readSources, report, type SourceFile } from './files.ts';

/** Folders of streams/ and gateways/http/ that are no context. */
const NO_CONTEXT: ReadonlySet<string> = new Set(['kernel', 'tables', 'testing', 'generated']);

/** Words that were replaced, as whole words of identifiers and paths, with the word to use. */
const retired: readonly (readonly [pattern: RegExp, use: string])[] = [
  [/[k]illswitch/, 'kill-switch, kill_switch or killSwitch'],
  [/\b(?:[W]hereabouts|whereabouts)\b/, 'ProgressBeacon'],
  [/\bParkedLines\b|\bparkedLines\b/, 'ParkedKeys'],
  [
    /\b(?:class|interface|type|function|const) (?:Held|Aside|Places|Seat|Told|heldPage|hindsight)\b/,
    'the term of the glossary',
  ],
  [/\b[a]ccess:revoke\b/, 'revocations:create'],
];

const rooms: readonly (readonly [room: string, pattern: RegExp])[] = [
  ['schemas/avro', /^schemas\/avro\/([^/]+)\//],
  ['schemas/contexts', /^schemas\/contexts\/([^/.]+)/],
  ['streams', /^streams\/([^/.]+)\//],
  ['gateways/http', /^gateways\/http\/([^/.]+)\//],
];

const views: ReadonlySet<string> = new Set(Object.values<Context>(contexts).flatMap((each) => each.views));
const capabilities: ReadonlySet<string> = new Set(
  Object.values<Context>(contexts).flatMap(({ capability }) => (capability === null ? [] : [capability])),
);

/** A capability in a list of granted ones, or after "Takes" in a description. */
const CAPABILITY = /(?:^ {2}'|Takes `)([a-z][a-z-]*):[a-z*][\w:*-]*['`]/gm;
const GRANTED = /^(?:infra\/security\/development-keys|gateways\/http\/.*(?:routes|commands))\.ts$/;

/** Returns the sentences for one file. */
export function glossaryProblems({ path, text }: SourceFile): string[] {
  const problems: string[] = [];
  for (const [room, pattern] of rooms) {
    const name = pattern.exec(path)?.[1];
    if (name !== undefined && !NO_CONTEXT.has(name) && !(contextNames as readonly string[]).includes(name))
      problems.push(`${path}: ${room}/${name} is no context of schemas/contexts.ts`);
  }
  const view = /^projections\/([^/.]+)\//.exec(path)?.[1];
  if (view !== undefined && !NO_CONTEXT.has(view) && !views.has(view))
    problems.push(`${path}: no context of schemas/contexts.ts has the view ${view}`);
  if (GRANTED.test(path))
    for (const [, prefix = ''] of text.matchAll(CAPABILITY))
      if (!capabilities.has(prefix)) problems.push(`${path}: no context has the capability prefix ${prefix}:`);
  for (const [pattern, use] of retired) {
    const match = pattern.exec(path) ?? pattern.exec(text);
    if (match !== null) problems.push(`${path}: ${match[0]} was replaced: use ${use}`);
  }
  return problems;
}

/** Fewer files than this and the check has looked in the wrong place. */
const FILES_MIN = 50;
const READ = /^(?:schemas|streams|projections|gateways|infra|tests)\/.*\.(?:ts|mjs|avsc)$/;
const KEPT = /^(?:schemas\/(?:released|generated)\/|tests\/checks\/glossary)/;

export function checkGlossary(root: string, filesMin = FILES_MIN): { seen: number; problems: readonly string[] } {
  const files = readSources(root, (path) => READ.test(path) && !KEPT.test(path));
  const problems = files.flatMap(glossaryProblems);
  for (const { name, context } of allTopics)
    if (!name.startsWith(`${context}.`)) problems.push(`topic ${name} does not begin with its context ${context}`);
  if (files.length < filesMin) problems.push(`saw ${files.length} files, expected ${filesMin} or more`);
  return { seen: files.length, problems };
}

if (import.meta.main) {
  const { seen, problems } = checkGlossary(projectRoot);
  report('GLOSSARY', seen, problems);
}
