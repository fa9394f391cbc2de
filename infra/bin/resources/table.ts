import type { operations } from '../../client/generated/operations.ts';

export type OperationId = keyof typeof operations;

/** A verb of a resource: an operation of the HTTP API, whose parameters are its arguments and options. */
export interface Verb {
  readonly operation: OperationId;
  /** What it does, where the summary of the operation says more than the verb offers. */
  readonly summary?: string;
  /** Reads the resource first: its version goes into `If-Match`, and a change keeps every field that no option names. */
  readonly current?: OperationId;
  /** The fields that a change keeps of what was read; all of them by default. With `nothing`, only its version is used. */
  readonly keeps?: 'nothing';
  /** Query fields of that read, where no option names them. */
  readonly currentQuery?: Readonly<Record<string, string>>;
  /** Code of that read when there is no such resource: the verb then creates it. */
  readonly createsOn?: string;
  /** Fields of the body that the verb sets itself. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Fields of the body that have no meaning for this verb. */
  readonly without?: readonly string[];
}

/** A resource of the platform, with its verbs. */
export interface Resource {
  readonly description: string;
  /** Columns of `list`. */
  readonly columns: readonly string[];
  readonly verbs: Readonly<Record<string, Verb>>;
}

const principal = {
  columns: ['name', 'status', 'roles', 'version'],
} as const;

/** The resources that commands manage over the HTTP API, by the name of their command. */
export const resources = {
  sessions: {
    description: 'list, show and trace sessions',
    columns: ['session_id', 'status', 'persona', 'turn_count', 'created_at'],
    verbs: { list: { operation: 'listSessions' }, show: { operation: 'getSession' } },
  },
  jobs: {
    description: 'start, follow, control and replay jobs',
    columns: ['job_id', 'type', 'status', 'simulated', 'generation', 'tags', 'created_at'],
    verbs: {
      list: { operation: 'listJobs' },
      start: { operation: 'startJob' },
      cancel: { operation: 'cancelJob' },
      pause: { operation: 'pauseJob' },
      resume: { operation: 'resumeJob' },
      retry: { operation: 'retryJob' },
      signal: { operation: 'signalJob' },
    },
  },
  schedules: {
    description: 'define, control and preview schedules, which start jobs at times',
    columns: ['schedule_id', 'status', 'type', 'cron', 'interval_ms', 'overlap', 'next_due_at', 'waiting'],
    verbs: {
      list: { operation: 'listSchedules' },
      show: { operation: 'getSchedule' },
      put: { operation: 'putSchedule', current: 'getSchedule', createsOn: 'RESOURCE_UNKNOWN', keeps: 'nothing' },
      pause: { operation: 'pauseSchedule' },
      resume: { operation: 'resumeSchedule' },
      trigger: { operation: 'triggerSchedule' },
      backfill: { operation: 'backfillSchedule' },
      delete: { operation: 'removeSchedule' },
      next: { operation: 'previewSchedule', without: ['job'] },
    },
  },
  approvals: {
    description: 'list, show and decide on calls that wait for an approval, and end grants',
    columns: ['approval_id', 'tool', 'status', 'principal', 'effect', 'given', 'required', 'expires_at'],
    verbs: {
      list: { operation: 'listApprovals' },
      show: { operation: 'getApproval' },
      approve: { operation: 'decideApproval', fixed: { outcome: 'approve' }, without: ['arguments'] },
      reject: { operation: 'decideApproval', fixed: { outcome: 'reject' }, without: ['arguments', 'grant'] },
      edit: { operation: 'decideApproval', fixed: { outcome: 'edit' }, without: ['grant'] },
      revoke: { operation: 'revokeApprovalGrant' },
    },
  },
  tools: {
    description: 'add, show, call and remove tools, each by a signed manifest',
    columns: ['name', 'version', 'status', 'adapter', 'tier', 'effect', 'description'],
    verbs: {
      list: { operation: 'listTools' },
      show: { operation: 'getTool' },
      call: { operation: 'executeTool' },
      check: { operation: 'checkTool' },
      health: { operation: 'getToolHealth' },
      remove: { operation: 'removeTool', current: 'getTool', keeps: 'nothing' },
    },
  },
  templates: {
    description: 'import, list and run templates of workflows',
    columns: ['template', 'version', 'digest', 'imported_by', 'changed_at'],
    verbs: {
      list: { operation: 'listTemplates' },
      show: { operation: 'getTemplate' },
      versions: { operation: 'listTemplateVersions' },
      plan: { operation: 'planTemplate' },
      run: { operation: 'startWorkflowRun' },
      remove: { operation: 'removeTemplate' },
    },
  },
  runs: {
    description: 'list runs of workflows, and draw them',
    columns: ['run_id', 'template', 'status', 'code', 'created_at', 'ended_at'],
    verbs: { list: { operation: 'listWorkflowRuns' }, review: { operation: 'decideWorkflowReview' } },
  },
  capsule: {
    description: 'pack, publish, review, install and run capsules',
    columns: ['capsule', 'status', 'digest', 'license', 'description', 'changed_at'],
    verbs: {
      list: { operation: 'listCapsules' },
      show: { operation: 'getCapsule' },
      review: { operation: 'reviewCapsule' },
      attestations: { operation: 'listCapsuleAttestations' },
      yank: { operation: 'yankCapsule' },
      revoke: { operation: 'revokeCapsule' },
      install: { operation: 'installCapsule' },
      installs: { operation: 'listCapsuleInstalls' },
      card: { operation: 'getAgentCard' },
      'check-upgrade': { operation: 'startUpgradeCheck' },
      'show-check': { operation: 'getUpgradeCheck' },
      rollback: { operation: 'rollbackCapsule' },
      uninstall: { operation: 'uninstallCapsule' },
      run: { operation: 'runCapsule' },
    },
  },
  agents: {
    description: 'run agents: models that ask for calls of tools until they have a result',
    columns: ['run_id', 'agent', 'status', 'steps', 'cost', 'code', 'created_at'],
    verbs: {
      list: { operation: 'listAgentRuns' },
      run: { operation: 'startAgentRun' },
      fork: { operation: 'forkAgentRun' },
      cancel: { operation: 'cancelAgentRun' },
    },
  },
  responses: {
    description: 'create, follow, cancel and delete responses of the OpenAI API',
    columns: ['id', 'type', 'role', 'status', 'content'],
    verbs: {
      create: {
        operation: 'createResponse',
        summary: 'Answer an input, whole or in the background',
        without: [
          ...['stream', 'stream_options', 'include', 'top_p', 'truncation', 'service_tier', 'top_logprobs'],
          ...['safety_identifier', 'prompt_cache_key'],
        ],
      },
      show: {
        ...{ operation: 'getResponse', summary: 'Get a response' },
        without: ['stream', 'starting_after', 'include', 'include_obfuscation'],
      },
      'list-input': { operation: 'listResponseInputItems', without: ['include'] },
      cancel: { operation: 'cancelResponse' },
      delete: { operation: 'deleteResponse' },
    },
  },
  memory: {
    description: 'remember texts, recall them by meaning, link and forget them',
    columns: ['memory_id', 'space', 'status', 'text', 'remembered_at'],
    verbs: {
      list: { operation: 'listMemories' },
      show: { operation: 'getMemory' },
      remember: { operation: 'remember', without: ['universe'] },
      recall: { operation: 'recall', without: ['universe', 'top_k', 'limit'] },
      context: { operation: 'retrieveMemories', without: ['universe', 'top_k', 'limit', 'trace_id'] },
      link: { operation: 'linkMemories' },
      forget: { operation: 'forgetMemory' },
    },
  },
  'kill-switch': {
    description: 'engage, release and list kill switches, which stop new work at once',
    columns: ['scope', 'mode', 'engaged_by', 'since', 'reason'],
    verbs: {
      list: { operation: 'listKillSwitches' },
      engage: { operation: 'setKillSwitch', fixed: { action: 'engage' } },
      release: { operation: 'setKillSwitch', fixed: { action: 'release' }, without: ['mode', 'two_person'] },
    },
  },
  tenants: {
    description: 'manage tenants, with their status and settings',
    columns: ['tenant_id', 'name', 'status', 'version'],
    verbs: {
      list: { operation: 'listTenants' },
      show: { operation: 'getTenant' },
      create: { operation: 'createTenant' },
      change: { operation: 'changeTenant', current: 'getTenant' },
    },
  },
  roles: {
    description: 'manage roles, which give capabilities to users and service accounts',
    columns: ['name', 'capabilities', 'description', 'version'],
    verbs: {
      list: { operation: 'listRoles' },
      show: { operation: 'getRole' },
      create: { operation: 'createRole' },
      change: { operation: 'changeRole', current: 'getRole' },
      remove: { operation: 'removeRole', current: 'getRole' },
    },
  },
  users: {
    description: 'manage users',
    columns: ['user_id', ...principal.columns],
    verbs: {
      list: { operation: 'listUsers' },
      show: { operation: 'getUser' },
      create: { operation: 'createUser' },
      change: { operation: 'changeUser', current: 'getUser' },
      remove: { operation: 'removeUser', current: 'getUser' },
    },
  },
  'service-accounts': {
    description: 'manage service accounts',
    columns: ['service_account_id', ...principal.columns],
    verbs: {
      list: { operation: 'listServiceAccounts' },
      show: { operation: 'getServiceAccount' },
      create: { operation: 'createServiceAccount' },
      change: { operation: 'changeServiceAccount', current: 'getServiceAccount' },
      remove: { operation: 'removeServiceAccount', current: 'getServiceAccount' },
    },
  },
  keys: {
    description: 'manage API keys of users and service accounts',
    columns: ['key_id', 'name', 'owner', 'status', 'capabilities', 'created_at'],
    verbs: {
      list: { operation: 'listApiKeys' },
      show: { operation: 'getApiKey' },
      create: { operation: 'createApiKey' },
      rotate: { operation: 'rotateApiKey', current: 'getApiKey' },
      revoke: { operation: 'revokeApiKey', current: 'getApiKey' },
    },
  },
  personas: {
    description: 'manage personas: the instructions and defaults that answers are made with',
    columns: ['name', 'tenant_id', 'version', 'model', 'temperature', 'description'],
    verbs: {
      list: { operation: 'listPersonas' },
      show: { operation: 'getPersona' },
      set: {
        ...{ operation: 'putPersona', current: 'getPersona' },
        ...{ currentQuery: { scope: 'tenant' }, createsOn: 'PERSONA_UNKNOWN' },
      },
      remove: { operation: 'removePersona', current: 'getPersona', currentQuery: { scope: 'tenant' } },
    },
  },
  evaluations: {
    description: 'manage golden sets of personas, run them, and show their verdicts',
    columns: ['golden_set', 'persona', 'verdict', 'version', 'cases', 'passed', 'last_verdict', 'evaluation_id'],
    verbs: {
      list: { operation: 'listGoldenSets' },
      show: { operation: 'getGoldenSet' },
      set: {
        ...{ operation: 'putGoldenSet', current: 'getGoldenSet', keeps: 'nothing' },
        createsOn: 'RESOURCE_UNKNOWN',
      },
      remove: { operation: 'removeGoldenSet', current: 'getGoldenSet' },
      versions: { operation: 'listGoldenSetVersions' },
      version: { operation: 'getGoldenSetVersion' },
      'add-case': { operation: 'addGoldenCase' },
      baseline: { operation: 'setEvaluationBaseline' },
      run: { operation: 'startEvaluation' },
      runs: { operation: 'listEvaluations' },
      verdict: { operation: 'getEvaluation' },
    },
  },
  billing: {
    description: 'show use and prices, set prices, and rate use under other prices',
    columns: ['day', 'model', 'requests', 'prompt_tokens', 'completion_tokens', 'cost', 'currency'],
    verbs: {
      usage: { operation: 'getUsage' },
      prices: { operation: 'listPrices' },
      'set-prices': { operation: 'setPrices' },
      'what-if': { operation: 'whatIfBilling' },
    },
  },
  ledger: {
    description: 'show accounts with their balances, and transactions; correct charges',
    columns: ['recorded_at', 'kind', 'charge_id', 'accounts', 'price_version', 'transaction_id'],
    verbs: {
      accounts: { operation: 'listLedgerAccounts' },
      account: { operation: 'getLedgerAccount' },
      list: { operation: 'listLedgerTransactions' },
      show: { operation: 'getLedgerTransaction' },
      correct: { operation: 'correctCharge' },
    },
  },
  credit: {
    description: 'show the prepaid credit of a tenant, and top it up',
    columns: [],
    verbs: { show: { operation: 'getCredit' }, 'top-up': { operation: 'topUpCredit' } },
  },
  invoices: {
    description: 'show the invoice of a month',
    columns: [],
    verbs: { show: { operation: 'getInvoice' } },
  },
  analytics: {
    description: 'show figures of personas, tools, policies, models and capsules, over a range or in windows',
    columns: ['subject', 'window_start', 'runs', 'successes', 'refusals', 'tokens', 'cost', 'latency_ms'],
    verbs: {
      personas: { operation: 'getPersonaAnalytics' },
      tools: { operation: 'getToolAnalytics' },
      policies: { operation: 'getPolicyAnalytics' },
      models: { operation: 'getModelAnalytics' },
      capsules: { operation: 'getCapsuleAnalytics' },
    },
  },
  anomalies: {
    description: 'list and show anomalies of use and behaviour, and set what is one',
    columns: ['detected_at', 'rule', 'metric', 'subject', 'direction', 'detail', 'anomaly_id'],
    verbs: {
      list: { operation: 'listAnomalies' },
      show: { operation: 'getAnomaly' },
      settings: { operation: 'getAnomalySettings' },
      set: { operation: 'setAnomalySettings' },
      reset: { operation: 'resetAnomalySettings' },
    },
  },
  budgets: {
    description: 'show the budgets of the tenant: limits, spent and remaining amounts',
    columns: [],
    verbs: { show: { operation: 'getBudgets' } },
  },
} as const satisfies Readonly<Record<string, Resource>>;

export type ResourceName = keyof typeof resources;
