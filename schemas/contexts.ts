/**
 * A context of the platform, named by one word. The word is the prefix of the topics, the folder in `schemas/`,
 * `streams/` and `gateways/http/`, and the first segment of the capabilities; `kill-switch` is `kill_switch` in Avro
 * and JSON and `killSwitch` in code. docs/reference/glossary.md is generated from here; `tests/checks/glossary.ts`
 * checks the folders.
 */
export interface Context {
  /** Meaning, in one sentence. */
  readonly meaning: string;
  /** First segment of the capabilities for its commands and queries; null when it has none. */
  readonly capability: string | null;
  /** True when its capabilities govern the platform itself: only people have them, never sessions. */
  readonly governs: boolean;
  /** Its read models in `projections/`; each is a folder. */
  readonly views: readonly string[];
}

const defaults = { capability: null, governs: false, views: [] } as const;

/** Declares a context; views and capabilities keep their names as types. */
const context = <const Over extends Partial<Omit<Context, 'meaning'>> = Record<never, never>>(
  meaning: string,
  over?: Over,
) => ({ meaning, ...defaults, ...over }) as { readonly meaning: string } & Omit<typeof defaults, keyof Over> & Over;

/** All contexts, by name. */
export const contexts = {
  core: context(
    'The topology of the governed path: policy and the contexts that act on its decisions, one transaction a step.',
  ),
  sessions: context('A session starts under a policy decision and gets a token with capabilities; agents hold it.', {
    ...{ capability: 'sessions', views: ['sessions', 'responses'] },
  }),
  conversation: context('The turns of a session, in order: one prompt and its streamed answer each.', {
    views: ['turns', 'live-turns'],
  }),
  inference: context('Answers and embeddings outside any session, one request each.'),
  slm: context('Small language models: requests to them, their answers, and what each request used.', {
    capability: 'slm',
    views: ['usage'],
  }),
  policy: context('Decides every governed command: allow or deny, with score, reasons and clauses.'),
  'policy-engine': context('The worker that asks an external policy engine; its answers are inputs of decisions.'),
  classifier: context('The worker that asks an outside classifier of texts; its answers are inputs of decisions.'),
  moderation: context('What rules find in texts: inputs, outputs of tools and answers of models.'),
  constitution: context(
    'Signed, versioned documents of rules and weights that decisions are made by, and their life cycle.',
    {
      ...{ capability: 'constitution', governs: true, views: ['constitution'] },
    },
  ),
  'kill-switch': context('Stops new work at once: of everything, a tenant, a model or another resource.', {
    ...{ capability: 'kill-switch', governs: true },
  }),
  revocations: context('Session tokens that are taken back before they expire.', {
    ...{ capability: 'revocations', governs: true },
  }),
  identity: context('The directory: tenants with their settings, roles, users, service accounts and API keys.', {
    ...{ capability: 'identity', governs: true },
  }),
  personas: context(
    'Named instructions and defaults of answers, of the platform or of a tenant: data that commands change.',
    {
      ...{ capability: 'personas', governs: true },
    },
  ),
  budget: context('Limits on tokens and money of a tenant: reserved by the decision, settled by what was metered.', {
    views: ['budgets'],
  }),
  jobs: context('Code that survives anything: each finished step of a job is in a journal, and no step runs twice.', {
    ...{ capability: 'jobs', views: ['jobs'] },
  }),
  schedules: context('Start jobs at times: by a cron pattern in a time zone, or at an interval.', {
    ...{ capability: 'schedules', views: ['schedules'] },
  }),
  files: context(
    'Contents too large for one record, such as uploads and the results of batches, in pieces on the log.',
    {
      ...{ capability: 'files', views: ['files'] },
    },
  ),
  tools: context('Tools outside the platform, each by a signed manifest, and the calls of them.', {
    ...{ capability: 'tool', views: ['tools'] },
  }),
  agents: context('Runs of agents: a model that asks for calls of tools until it has a result, within limits.', {
    ...{ capability: 'agents', views: ['agents'] },
  }),
  approvals: context('People decide on calls that wait: they approve, reject or edit exactly what they were shown.', {
    ...{ capability: 'approval', governs: true, views: ['approvals'] },
  }),
  memory: context('Texts that agents remember and recall by meaning, each with the times for which it is true.', {
    ...{ capability: 'memory', views: ['memory'] },
  }),
  billing: context('Money: prices, and a ledger in double entry of what tenants owe for what was metered.', {
    ...{ capability: 'billing', governs: true, views: ['ledger'] },
  }),
  analytics: context('Figures of runs, calls and decisions, in windows of time.', {
    ...{ capability: 'analytics', governs: true, views: ['analytics'] },
  }),
  anomalies: context('Use and behaviour that differ from their past, each with the records that show it.', {
    ...{ capability: 'anomalies', governs: true, views: ['anomalies'] },
  }),
  capsules: context(
    'Signed, versioned descriptions of the job of an agent, which tenants publish, review, install and run.',
    {
      ...{ capability: 'capsules', views: ['capsules'] },
    },
  ),
  evaluations: context(
    'Golden sets of personas, and runs of them that are compared with a baseline: did a change make answers worse?',
    {
      ...{ capability: 'evaluations', views: ['evaluations'] },
    },
  ),
  workflows: context(
    'Documents that describe graphs of calls, waits and decisions: templates of them, and their runs, which are jobs.',
    {
      ...{ capability: 'workflows', views: ['workflows'] },
    },
  ),
  audit: context('One record per event of the other topics, with a digest of its bytes.', {
    ...{ capability: 'audit', governs: true },
    views: ['audit', 'events'],
  }),
  operations: context('The platform itself: its topics and readers, how far each of them is, and its dead letters.', {
    ...{ capability: 'operations', governs: true },
  }),
} as const satisfies Readonly<Record<string, Context>>;

export type ContextName = keyof typeof contexts;

/** A read model, by the name of its folder in `projections/`. */
export type ViewName = (typeof contexts)[ContextName]['views'][number];

export const contextNames = Object.keys(contexts) as readonly ContextName[];

/** Capability prefixes that govern the platform, in the order of the contexts. */
export const governingPrefixes: readonly string[] = Object.values<Context>(contexts).flatMap(
  ({ governs, capability }) => (governs && capability !== null ? [capability] : []),
);
