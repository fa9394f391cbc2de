import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, contexts } from '../../../schemas/contexts.ts';
import { allTopics } from '../../../schemas/topics.ts';
import { projectRoot } from '../../../tests/checks/files.ts';

/** Folders in which a context has a folder or a file of its own name. */
const rooms = ['schemas/avro', 'schemas/contexts', 'streams', 'gateways/http'] as const;

/** The terms beside the contexts: one word per concept, one concept per word. */
const terms: Readonly<Record<string, string>> = {
  capability: 'a path of segments, such as `slm:invoke:*`, that a key, role or session holds and a command needs',
  caller: 'the authenticated sender of an HTTP request: an API key, a session token or a user of an identity provider',
  command: 'a record that asks for something; named in the imperative',
  event: 'a record of something that happened; named in the past tense. A refusal is an event with a stable code',
  decision: '`PolicyDecided`: the verdict on one governed command, carrying the command',
  'governed command':
    'a command that runs only under an allowing decision; its descriptor names resource, capability and estimate',
  'MCP server': 'a server of the Model Context Protocol: one outside, whose tools are called, or the gateway at `/mcp`',
  'pinned definition':
    'what an MCP server says of a tool, by its sha256 in the signed manifest; a call is made only while the server says the same',
  quarantine:
    'the state of a tool whose server changed its definition: calls are refused until a new version is approved',
  'task of MCP':
    'a call or a job as a client of MCP follows it: its id names the record in the log, so that every gateway has it',
  'agent card':
    'what an agent says of itself by the Agent2Agent protocol (A2A): its endpoint, its input, and its capsule by digest; signed',
  'task of A2A': 'a run of a capsule as a client of A2A follows it: its id is that of the run',
  persona: 'instructions and defaults of answers, by a name that a request gives; of the platform or of a tenant',
  turn: 'one prompt and its streamed answer',
  clause: 'a part of a constitution that took part in a decision: a rule of Cedar, a rule of moderation, or the score',
  score:
    'the weighted sum of the features of a command, from 0 to 1; below the threshold of the constitution, it denies',
  feature:
    'a property of a command with a value from 0 to 1, such as `prompt_safety`; its weight is in the constitution',
  capsule: 'a signed description of the job of an agent: instructions, tools, limits, inputs and outputs',
  SomaBrain:
    'a memory service that agents remember to and recall from, and its REST interface; the platform has one of its own, at `/v1/memory`',
  'space of memories': 'a name in a tenant that memories are kept and recalled under; the resource of their commands',
  recall: 'the memories of a space that are nearest to a text, of those that filters leave, as of a time',
  embedder: 'a pure function from a text to a vector; the model that made a vector is stored with it',
  'superseded memory': 'one that a later memory of its space took the place of; recalls as of an earlier time find it',
  KAMACHIQ:
    'Quechua, the one who orders: plans an intent as a graph of governed jobs; [not built yet](../sprints/sprint-10.md)',
  job: 'code that a worker runs, whose finished steps are recorded; it goes on after a crash, a wait or a deployment',
  handler: 'the code of a job; it runs from its beginning in every run',
  'slot of a job':
    'what a job with limits holds from its first run until it ends or is held; a concurrency key has as many as its limit',
  'concurrency key': 'the text that jobs of a tenant and a type share to be limited together; the start names it',
  'batch of starts':
    'starts of a concurrency key that one job, the first of them, runs together; its end is that of all',
  'lane of a job': 'interactive, standard or batch: which of the jobs that wait for a slot is next',
  'line of the batch lane':
    'a queue for the runs of batch work of one tenant, queue of workers and place: four run at once, and a place has sixteen',
  step: 'a part of a handler that runs once: its result is in the journal, and later runs take it from there',
  'journal of a job': 'the results of its steps and waits, by branch, name and use of the name',
  wait: 'what a handler waits for without a process: a time, a signal, a child, a tool, an agent, a model, or the next attempt of a step',
  workflow:
    'a document of tasks (Serverless Workflow 1.0.3) that the built-in job `workflow.run` interprets; a run of it is a job',
  'task of a workflow':
    'a named part of its document: a call, a branch, a loop, a wait; its JSON pointer names its steps',
  'template of a workflow':
    'a document that a tenant has imported, in versions that never change; its runs are jobs with the tag `template:<name>`',
  'budget of a node':
    'most calls, tokens and money that a task of a workflow may use; it is reserved from the budget around it',
  'review of a node': 'an approval by a person of the input of a task, before the task begins',
  'plan of a workflow':
    'what a run may do at most, found from the document alone: nodes, capabilities, longest chain of nodes',
  fork: 'a job that begins with the recorded results of another one; a run that begins at a call of a program, with another answer',
  'segment of a program':
    'from its start, or the answer of one call, to the next call or the end: what one request of its run asks for',
  'snapshot of a program': 'its state at a call, from which the next segment goes on',
  'simulated job':
    'a fork under another constitution: policy decides on what it asks for, the record of the other job answers, and nothing happens',
  'record of a job':
    'the results of its steps and waits in the log, from which a replay, a fork or a simulation takes them',
  divergence: 'what ends a simulated job: its code asks for what the record does not have',
  signal: 'a named JSON value that a caller sends to a job; the handler that asks for its name takes it',
  'run of a job':
    'one pass of a worker through a handler; its number, the generation, fences the reports of earlier runs',
  file: 'a content with a name and a purpose, of a tenant: an upload, or one that a job has written',
  content: 'bytes on the log, named by tenant and digest',
  piece: 'at most 512 KiB of a content, in one record; the same piece again changes nothing',
  batch: 'a job that answers the requests of a file and writes an output file and an error file',
  schedule: 'starts a job at times, by a cron pattern in a time zone or at an interval; by a name in its tenant',
  'due time':
    'a time at which a schedule makes a run, before the delay of its jitter; it is run or skipped, in either case once',
  'run of a schedule': 'the start of one job for a due time, or for a trigger; policy decides on it',
  'overlap policy': 'what a schedule does with a run that comes due while one of its jobs runs',
  'catch-up window': 'the time by which a missed run may be late and is still made',
  backfill: 'the runs of past due times, asked for by a command',
  delta: 'one piece of a streamed answer',
  processor: 'a pure decider over topics: inputs, state, `decide`, `evolve`',
  worker: 'does what takes time or has side effects; ordered per key, concurrent across keys',
  observer: 'reports what happens in a topic to something outside the log, at least once',
  place:
    'one of the at least 16 parts of a tenant, `<tenant>/<k>`; each session or request has one, which decides its partition',
  'prepaid credit':
    'money that a tenant has paid in advance; its requests draw on it, and none begins that it does not cover',
  lease:
    'a part of the budget of a tenant that the ledger lends to a place, which reserves requests from it without a question',
  task: 'one partition of a processor, worker or observer in a process',
  life: 'a runner from joining its group to its first error; the next life fences and begins from what is committed',
  journal: 'the one topic of events whose fold is the state of a processor',
  'state topic': 'the compacted topic that caches the state of a processor',
  timer: 'a command that a state lists for a time; fired by the runner, read back as a record',
  'followed table': 'a small topic folded into one value, which each reading process keeps complete in memory',
  'in-flight record': 'a record taken by a task and not committed yet',
  'progress beacon':
    'shared memory in which a thread reports the record it is deciding, for the watchdog; each input partition has a slot',
  'read position': 'the next offset per partition, at which a reader resumes',
  watermark: 'the offset behind the last record that a read_committed reader can see',
  'dead letter': 'a record that could not be decoded or decided, in `<topic>.dlq` with its cause',
  'dead-letter gate': 'decides per record whether a task works on it, passes it, parks it or writes a dead letter',
  'parked key': 'a key whose later records wait, in order, behind a dead letter until it is redriven or dropped',
  redrive: 'sends a dead letter back to its topic',
  fence: 'raises the epoch of a transactional id, so that an older holder can commit nothing more',
  view: 'a read model in Postgres or Redis, folded from topics by a projection',
  'shared reader': 'the one reader of all views of a process: each record is fetched and decoded once',
  generation: 'one copy of a view during a rebuild; reads switch to the new one when it has caught up',
  'position token': 'names a position in the log that a query waits for, so that a client reads its own write',
  detector: 'looks for a form, such as the number of a card, or scores a text, such as prompt injection; pure',
  finding:
    'what one rule of a constitution found in a text: the rule, its category, a score and the place; never the text',
  'history replay': 're-evaluates recorded decisions, with the same evaluator',
  counterfactual: 'the smallest change of a command that reverses a decision',
  sequence: 'a rule over several commands of one session; its progress is part of what policy remembers',
  'credential status': 'whether an authenticated caller still counts: not revoked, suspended or disabled',
  'transient refusal':
    'a refusal that may pass by itself, such as a kill switch or a budget; the same request may be sent again',
};

const foldersOf = (name: string, { views }: Context): string => {
  const own = rooms.map((room) => join(room, name)).flatMap((path) => [path, `${path}.ts`]);
  return [...own, ...views.map((view) => join('projections', view))]
    .filter((path) => existsSync(join(projectRoot, path)))
    .map((path) => `\`${path}\``)
    .join(' ');
};

const topicsOf = (name: string): string => (allTopics.some(({ context }) => context === name) ? `\`${name}.\`` : '');

/** Returns docs/reference/glossary.md, generated from schemas/contexts.ts, the topic catalogue and the folders. */
export function glossaryPage(): string {
  return `${[
    '# Glossary',
    '',
    '<!-- Generated from schemas/contexts.ts and docs/generate/pages/glossary.ts by `npm run docs:pages`. Do not edit. -->',
    '',
    'One concept, one word; one word, one meaning.',
    '',
    '## Contexts',
    '',
    'A context keeps its word everywhere: `kill-switch` in topics, folders and capabilities, `kill_switch` in Avro and JSON,',
    '`killSwitch` in code. `npm run glossary` fails on a folder, topic or capability that has no row here.',
    '',
    '| Context | Meaning | Topics | Capabilities | Folders |',
    '|---|---|---|---|---|',
    ...Object.entries<Context>(contexts).map(
      ([name, each]) =>
        `| **${name}** | ${each.meaning} | ${topicsOf(name)} | ${each.capability === null ? '' : `\`${each.capability}:\``} | ${foldersOf(name, each)} |`,
    ),
    '',
    '## Terms',
    '',
    '| Term | Meaning |',
    '|---|---|',
    ...Object.entries(terms)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([term, meaning]) => `| **${term}** | ${meaning} |`),
  ].join('\n')}\n`;
}
