import type { Command } from 'commander';

interface CommandModule {
  readonly register: (program: Command) => void;
}

/**
 * How a command finds its platform. `start`: from the environment alone, because it starts or stops one. `role`: from the
 * environment and the files of this checkout. `client`: also from the contexts of the user.
 */
export type Place = 'start' | 'role' | 'client';

/** A command of `khipu`; its module is loaded when it is used. */
export interface Entry {
  readonly description: string;
  readonly place: Place;
  readonly load: () => Promise<CommandModule>;
}

const entry = (place: Place, description: string, file: string): Entry => ({
  description,
  place,
  load: () => import(`./commands/${file}.ts`) as Promise<CommandModule>,
});

const resource = (name: string, description: string): Entry => ({
  description,
  place: 'client',
  load: async () => {
    const { registerResource } = await import('./resources/register.ts');
    return { register: (program) => registerResource(program, name) };
  },
});

/** Every command, in the order of the help: a platform, its use, its governance, its operation, its roles. */
export const commands: Readonly<Record<string, Entry>> = {
  up: entry('start', 'start the platform on this machine and show a first turn', 'up'),
  down: entry('start', 'stop the platform in order', 'down'),
  reset: entry('start', 'delete the data of the platform', 'reset'),
  demo: entry('start', 'show an allowed and a denied prompt, their records and the answer', 'demo'),
  status: entry('client', 'show whether the platform runs, and the health of each process', 'status'),
  monitoring: entry('role', 'write rules, alerts and dashboards for Prometheus and Grafana', 'monitoring'),
  logs: entry('client', 'show the logs of the processes of this machine', 'logs'),
  open: entry('client', 'open the API reference or the documentation in a browser', 'open'),
  context: entry('role', 'name platforms, and choose the one that commands use', 'context'),
  ask: entry('client', 'ask a question, and print the answer as it is written', 'ask'),
  sessions: entry('client', 'list, show and trace sessions', 'sessions'),
  jobs: entry('client', 'start, follow, control and replay jobs', 'jobs'),
  workflows: entry('client', 'check, plan and run workflows', 'workflows'),
  templates: entry('client', 'import, list and run templates of workflows', 'templates'),
  runs: entry('client', 'list runs of workflows, and draw them', 'runs'),
  schedules: entry('client', 'define, control and preview schedules of jobs', 'schedules'),
  capsule: entry('client', 'pack, publish, review, install and run capsules', 'capsule'),
  tools: entry('client', 'add, show, call and remove tools', 'tools'),
  agents: entry('client', 'run agents, follow, show and cancel their runs', 'agents'),
  approvals: entry('client', 'list and decide on calls that wait for an approval', 'approvals'),
  responses: entry('client', 'create, follow, cancel and delete responses of the OpenAI API', 'responses'),
  memory: resource('memory', 'remember, recall, link and forget texts'),
  audit: entry('client', 'list audit records', 'audit'),
  'kill-switch': resource('kill-switch', 'engage, release and list kill switches'),
  tenants: resource('tenants', 'manage tenants'),
  roles: resource('roles', 'manage roles'),
  users: resource('users', 'manage users'),
  'service-accounts': resource('service-accounts', 'manage service accounts'),
  keys: entry('client', 'manage API keys', 'keys'),
  budgets: resource('budgets', 'show the budgets of the tenant'),
  billing: resource('billing', 'show use and prices, set prices, and rate use under other prices'),
  ledger: resource('ledger', 'show accounts with their balances, and transactions; correct charges'),
  credit: resource('credit', 'show prepaid credit, and top it up'),
  invoices: entry('client', 'show the invoice of a month, as JSON, CSV or PDF', 'invoices'),
  analytics: resource('analytics', 'show figures of personas, tools, policies and models'),
  anomalies: entry('client', 'list and show anomalies, set their settings, and try settings on the past', 'anomalies'),
  personas: resource('personas', 'manage personas'),
  persona: entry('client', 'check a persona against a golden set', 'persona'),
  evaluations: resource('evaluations', 'manage golden sets, run them, and show verdicts'),
  constitution: entry('client', 'propose, review, sign and activate constitutions', 'constitution'),
  policy: entry('client', 'check a constitution, and recompute recorded decisions', 'policy'),
  moderation: entry('role', 'show what the rules of a constitution find in a text: check', 'moderation'),
  topics: entry('client', 'show the topics with rate, age and lag, print ACLs, add partitions', 'topics'),
  tail: entry('client', 'print the records of a topic, decoded, as they arrive', 'tail'),
  traces: entry('client', 'build the traces of past days again, from the log', 'traces'),
  lag: entry('client', 'show what each processor and view has not read yet', 'lag'),
  topology: entry('client', 'show how processors run, and switch a stopped platform between layouts', 'topology'),
  state: entry('client', 'show the state of one key of a processor', 'state'),
  dlq: entry('client', 'list, show, redrive and drop dead letters', 'dlq'),
  projections: entry('client', 'list or rebuild read models', 'projections'),
  region: entry('role', 'move the platform between the logs of two regions', 'region'),
  drill: entry('client', 'run drills on a running platform: kill-switch, dead-letter', 'drill'),
  capacity: entry('role', 'work out partitions, processes and brokers for a rate of turns', 'capacity'),
  sandbox: entry('role', 'show the tiers of sandboxes that this machine has: doctor', 'sandbox'),
  setup: entry('role', 'create topics, schemas, tables, keys, the constitution and the personas; idempotent', 'setup'),
  run: entry('role', 'run a role: gateway, stream, projection, worker', 'run'),
  completion: entry('role', 'print the completion script of a shell', 'completion'),
};

/** Adds every command in full. */
export async function registerAll(program: Command): Promise<Command> {
  for (const { load } of Object.values(commands)) (await load()).register(program);
  return program;
}
