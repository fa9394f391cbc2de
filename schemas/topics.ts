import type { ContextName } from './contexts.ts';
import type { CommandChain, RecordName, Records } from './generated/records.ts';

/** Priority of work: `interactive` work never waits for `batch` work. */
export type Lane = 'interactive' | 'batch';
export type Spread = 'single' | 'partitioned';
export type TopicKind = 'commands' | 'decisions' | 'events' | 'state';

/** Field (camelCase) with the Kafka key, by record. */
type KeyFields<N extends RecordName> = { readonly [K in N]: keyof Records[K] & string };

export interface Topic<N extends RecordName = RecordName> {
  readonly name: string;
  readonly kind: TopicKind;
  readonly context: ContextName;
  readonly doc: string;
  readonly records: KeyFields<N>;
  /**
   * `partitioned`: the topic has the partitions of the platform, a setting of its first start (ADR 0017). `single`: it
   * has one, because its order across keys matters or every process holds it whole. Equal for all topics that one
   * processor reads together.
   */
  readonly spread: Spread;
  readonly cleanup: 'delete' | 'compact';
  /**
   * What chooses the partition. `key`: the key. `tenant`: the tenant, so that one task sees all its records in order.
   * `place`: the place that the record carries, so that one task sees all records of a session or request in order, in
   * every topic partitioned so, while a tenant spreads over all partitions.
   */
  readonly partitionedBy: 'key' | 'tenant' | 'place';
  /**
   * Field (camelCase) with the place of a record, in a topic whose records are written for another place than that of
   * their cause. Absent where a record carries on the place of its cause.
   */
  readonly placeField?: string;
  /**
   * Field (camelCase) with a CommandChain, in a topic whose records answer a command that is not their cause: it waited.
   * A record with this field continues that chain. Absent where every record continues the chain of its cause.
   */
  readonly chainField?: string;
  /** Retention in ms; -1 keeps records without limit. */
  readonly retentionMs: number;
  readonly lane: Lane;
  /** Processes that may write here; each key has one writer. */
  readonly writers: readonly string[];
  /** Commands of a governed topic run only under a policy decision. */
  readonly governed: boolean;
  /**
   * True when the members of a topology read its records from the log even where one of them writes them: others write
   * it as well. Without it, such a topic is handed on, and only members may write it.
   */
  readonly readBack: boolean;
  /** True when `<name>.dlq` receives the records that its readers cannot decode or decide. */
  readonly deadLetters: boolean;
}

/** A topic of commands that run only under a policy decision; each has a descriptor in schemas/governed.ts. */
export type GovernedTopic<N extends RecordName = RecordName> = Topic<N> & { readonly governed: true };

export type RecordsIn<T> = T extends Topic<infer N> ? N : never;

const DAY = 24 * 60 * 60 * 1000;
const FOREVER = -1;
/**
 * Partitions of a platform whose first start sets none: two days of a burst fit on one partition of a developer machine,
 * and four processes can work in parallel (ADR 0003).
 */
export const PARTITIONS_DEFAULT = 4;
/** Most partitions of a platform. Each is one task, with its state and transactional ids, for every processor. */
export const PARTITIONS_MAX = 256;

/**
 * Returns whether a platform can have this number of partitions: a power of two up to PARTITIONS_MAX. Going to the next
 * power splits every partition into two, and joins none, so that order within each is kept.
 */
export const isPartitionCount = (count: number): boolean =>
  Number.isInteger(count) && count >= 1 && count <= PARTITIONS_MAX && (count & (count - 1)) === 0;

/** Returns the number of partitions of a topic, on a platform with `partitions` of them. */
export const partitionsOf = ({ spread }: Pick<Topic, 'spread'>, partitions: number): number =>
  spread === 'single' ? 1 : partitions;

const defaults = {
  spread: 'partitioned',
  partitionedBy: 'key',
  cleanup: 'delete',
  lane: 'interactive',
  governed: false,
  readBack: false,
  deadLetters: true,
} as const;

type Spec<N extends RecordName> = Omit<Topic<N>, keyof typeof defaults> &
  Partial<Pick<Topic<N>, Exclude<keyof typeof defaults, 'governed'>>>;

const topic = <N extends RecordName>(spec: Spec<N>): Topic<N> => ({ ...defaults, ...spec });
/** Policy keeps its state by place, so every governed command carries one. */
const governedTopic = <N extends RecordName>(spec: Omit<Spec<N>, 'partitionedBy'>): GovernedTopic<N> => ({
  ...topic({ ...spec, partitionedBy: 'place' }),
  governed: true,
});

const state = (context: ContextName, spread: Spread = 'partitioned', processor: string = context): Topic<never> =>
  topic<never>({
    name: processor === context ? `${context}.state` : `${context}.${processor}.state`,
    kind: 'state',
    context,
    doc: `State of the ${processor} processor, one JSON value a key. A cache: rebuilt from the events at any time.`,
    records: {},
    spread,
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: [processor],
    deadLetters: false,
  });

/** The catalogue: every topic, its writers, its records and their retention. */
export const topics = {
  sessionsCommands: governedTopic({
    name: 'sessions.commands',
    kind: 'commands',
    context: 'sessions',
    doc: 'Commands of users to sessions: start one, take a turn, change what is shown of it.',
    records: { StartSession: 'sessionId', SubmitTurn: 'sessionId', ChangeSession: 'sessionId' },
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  inferenceCommands: governedTopic({
    name: 'inference.commands',
    kind: 'commands',
    context: 'inference',
    doc: 'Answers, embeddings and the findings of moderation asked for outside any session.',
    records: { InferText: 'requestId', EmbedText: 'requestId', ModerateText: 'requestId' },
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  policyDecisions: topic({
    name: 'policy.decisions',
    kind: 'decisions',
    context: 'policy',
    doc: 'The verdict on every governed command, carrying the command. Contexts act on decisions, never on governed commands.',
    records: { PolicyDecided: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['policy'],
  }),
  policyShadow: topic({
    name: 'policy.shadow',
    kind: 'decisions',
    context: 'policy',
    doc: 'Decisions that the shadow constitution would have taken differently. Nothing acts on them.',
    records: { ShadowDecided: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['policy'],
  }),
  policyQuestions: topic({
    name: 'policy.questions',
    kind: 'commands',
    context: 'policy',
    doc: 'Governed commands that our own rules allow, as questions to the external policy engine. Empty where there is none.',
    records: { AskPolicyEngine: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['policy'],
  }),
  policyAnswers: topic({
    name: 'policy.answers',
    kind: 'events',
    context: 'policy',
    doc: 'Answers of the external policy engine. Policy decides on them; the decision carries the answer.',
    records: { PolicyEngineAnswered: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['policy-engine'],
  }),
  classifierQuestions: topic({
    name: 'policy.classifier-questions',
    kind: 'commands',
    context: 'policy',
    doc: 'Governed commands with a text that our own rules allow, as questions to the outside classifier. Empty where there is none.',
    records: { AskClassifier: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['policy'],
  }),
  classifierAnswers: topic({
    name: 'policy.classifier-answers',
    kind: 'events',
    context: 'policy',
    doc: 'Answers of the outside classifier. Policy decides on them; the decision carries the answer.',
    records: { ClassifierAnswered: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['classifier'],
  }),
  policyTrialCommands: topic({
    name: 'policy.trials',
    kind: 'commands',
    context: 'policy',
    doc: 'Questions about what policy would decide. Not governed: nothing runs.',
    records: { TryCommand: 'trialId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['gateway'],
  }),
  policySimulations: topic({
    name: 'policy.simulations',
    kind: 'commands',
    context: 'policy',
    doc: 'What simulated jobs ask for, to be decided under another constitution. Not governed: nothing runs.',
    records: { SimulateCommand: 'trialId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['jobs'],
  }),
  policyTrialResults: topic({
    name: 'policy.trial-results',
    kind: 'decisions',
    context: 'policy',
    doc: 'Answers to trials: the verdict, and what would change it. Only simulated jobs act on them.',
    records: { TrialDecided: 'trialId', TrialRefused: 'trialId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['policy'],
  }),
  sessionsEvents: topic({
    name: 'sessions.events',
    kind: 'events',
    context: 'sessions',
    doc: 'Sessions that started or were refused, and changes of what is shown of them.',
    records: {
      ...{ SessionStarted: 'sessionId', SessionRefused: 'sessionId' },
      ...{ SessionChanged: 'sessionId', SessionChangeRefused: 'sessionId' },
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['sessions'],
  }),
  conversationEvents: topic({
    name: 'conversation.events',
    kind: 'events',
    context: 'conversation',
    doc: 'Turns and their whole answers, in order per session. Server-Sent Events are fed from here and from conversation.deltas.',
    records: {
      ConversationOpened: 'sessionId',
      TurnQueued: 'sessionId',
      TurnStarted: 'sessionId',
      TurnCompleted: 'sessionId',
      TurnFailed: 'sessionId',
      TurnRefused: 'sessionId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['conversation'],
  }),
  conversationDeltas: topic({
    name: 'conversation.deltas',
    kind: 'events',
    context: 'conversation',
    doc: 'Pieces of the answers of running turns, for Server-Sent Events. Not audited and not stored: the end of a turn has the whole text.',
    records: { TurnDelta: 'sessionId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['slm'],
  }),
  conversationCommands: topic({
    name: 'conversation.commands',
    kind: 'commands',
    context: 'conversation',
    doc: 'Commands to running turns. Not governed: they only end work, which must be possible while a kill switch stops all other commands.',
    records: { CancelTurn: 'sessionId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  conversationTimers: topic({
    name: 'conversation.timers',
    kind: 'commands',
    context: 'conversation',
    doc: 'Timers of conversations that are due: the deadline of a turn. Written and read by the conversation processor alone.',
    records: { TimeOutTurn: 'sessionId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['conversation'],
  }),
  inferenceEvents: topic({
    name: 'inference.events',
    kind: 'events',
    context: 'inference',
    doc: 'Synchronous inference: requests that were allowed, and their outcomes.',
    records: {
      InferenceStarted: 'requestId',
      InferenceCompleted: 'requestId',
      EmbeddingCompleted: 'requestId',
      TextModerated: 'requestId',
      InferenceFailed: 'requestId',
      InferenceRefused: 'requestId',
    },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['inference'],
  }),
  slmRequests: topic({
    name: 'slm.requests',
    kind: 'commands',
    context: 'slm',
    doc: 'Requests to language models, and their cancellations. Requests are written only under an allowing decision.',
    records: { SlmRequested: 'subjectId', SlmEmbeddingRequested: 'subjectId', CancelSlmRequest: 'subjectId' },
    retentionMs: 7 * DAY,
    writers: ['conversation', 'inference', 'jobs', 'agents'],
  }),
  slmResponses: topic({
    name: 'slm.responses',
    kind: 'events',
    context: 'slm',
    doc: 'Answers of language models, whole, and their failures.',
    records: { SlmCompleted: 'subjectId', SlmEmbedded: 'subjectId', SlmFailed: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['slm'],
  }),
  slmMetrics: topic({
    name: 'slm.metrics',
    kind: 'events',
    context: 'slm',
    doc: 'Use of each request: tokens, time, money. Billing reads this.',
    records: { SlmMetered: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['slm'],
  }),
  constitutionEvents: topic({
    name: 'constitution.events',
    kind: 'events',
    context: 'constitution',
    doc: 'The life of constitutions: proposed, reviewed, signed, published, and since when each was in force. Few and kept without limit: decisions are made again by them. In development the set-up publishes the first one.',
    records: {
      ConstitutionProposed: 'version',
      ConstitutionReviewed: 'version',
      ConstitutionSigned: 'version',
      ConstitutionPublished: 'version',
      ConstitutionActivated: 'slot',
      ConstitutionShadowed: 'slot',
      ConstitutionRefused: 'subject',
    },
    spread: 'single',
    retentionMs: FOREVER,
    writers: ['constitution', 'setup'],
  }),
  constitutionCommands: topic({
    name: 'constitution.commands',
    kind: 'commands',
    context: 'constitution',
    doc: 'Commands in the life of constitutions. Not governed: it must work when no constitution can be verified.',
    records: {
      ProposeConstitution: 'version',
      ReviewConstitution: 'version',
      SignConstitution: 'version',
      ActivateConstitution: 'version',
      ShadowConstitution: 'slot',
    },
    spread: 'single',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  killSwitchCommands: topic({
    name: 'kill-switch.commands',
    kind: 'commands',
    context: 'kill-switch',
    doc: 'Commands of operators to kill switches, and of revoked capsules. Not governed: stopping must work when no constitution can be verified.',
    records: { EngageKillSwitch: 'scope', ReleaseKillSwitch: 'scope' },
    spread: 'single',
    retentionMs: 30 * DAY,
    writers: ['gateway', 'capsules'],
    readBack: true,
  }),
  killSwitchEvents: topic({
    name: 'kill-switch.events',
    kind: 'events',
    context: 'kill-switch',
    doc: 'Kill switches that were engaged, proposed to be released, released or refused: the history.',
    records: {
      KillSwitchEngaged: 'scope',
      KillSwitchReleased: 'scope',
      KillSwitchReleaseProposed: 'scope',
      KillSwitchRefused: 'scope',
    },
    spread: 'single',
    retentionMs: FOREVER,
    writers: ['kill-switch'],
  }),
  killSwitchSwitches: topic({
    name: 'kill-switch.switches',
    kind: 'state',
    context: 'kill-switch',
    doc: 'The current state of every kill switch. Held whole by each gateway, by policy and by the workers.',
    records: { KillSwitch: 'scope' },
    spread: 'single',
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['kill-switch'],
    deadLetters: false,
  }),
  revocationsCommands: topic({
    name: 'revocations.commands',
    kind: 'commands',
    context: 'revocations',
    doc: 'Revocations of session tokens. Not governed: it must work when no constitution can be verified.',
    records: { RevokeTokens: 'scope' },
    spread: 'single',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  revocationsEvents: topic({
    name: 'revocations.events',
    kind: 'events',
    context: 'revocations',
    doc: 'Session tokens that were revoked. Held by each gateway; kept longer than any token lives.',
    records: { TokensRevoked: 'scope', RevocationRefused: 'scope' },
    spread: 'single',
    retentionMs: 30 * DAY,
    writers: ['revocations'],
  }),
  identityCommands: topic({
    name: 'identity.commands',
    kind: 'commands',
    context: 'identity',
    doc: 'Changes of tenants, roles, users, service accounts and API keys. Not governed: setting up must work while no constitution is in force.',
    records: {
      DefineTenant: 'entryId',
      DefineRole: 'entryId',
      RemoveRole: 'entryId',
      DefinePrincipal: 'entryId',
      RemovePrincipal: 'entryId',
      IssueApiKey: 'entryId',
      RotateApiKey: 'entryId',
      RevokeApiKey: 'entryId',
    },
    spread: 'single',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  identityEvents: topic({
    name: 'identity.events',
    kind: 'events',
    context: 'identity',
    doc: 'Every change of tenants, roles, users, service accounts and API keys: the history. Of API keys the slow hash, never the key.',
    records: {
      TenantDefined: 'entryId',
      RoleDefined: 'entryId',
      RoleRemoved: 'entryId',
      PrincipalDefined: 'entryId',
      PrincipalRemoved: 'entryId',
      ApiKeyIssued: 'entryId',
      ApiKeyRotated: 'entryId',
      ApiKeyRevoked: 'entryId',
      IdentityRefused: 'entryId',
    },
    spread: 'single',
    retentionMs: FOREVER,
    writers: ['identity'],
  }),
  identityTenants: topic({
    name: 'identity.tenants',
    kind: 'state',
    context: 'identity',
    doc: 'The current state of every tenant, with its settings. Held whole by each gateway and by policy.',
    records: { Tenant: 'tenantId' },
    spread: 'single',
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['identity'],
    deadLetters: false,
  }),
  budgetCommands: topic({
    name: 'budget.commands',
    kind: 'commands',
    context: 'budget',
    doc: 'What places ask of the ledger of their tenant and report to it. Only of tenants that have a budget.',
    records: {
      AskLease: 'tenantId',
      AskLeaseAhead: 'tenantId',
      SettleLease: 'tenantId',
      ReturnLease: 'tenantId',
    },
    partitionedBy: 'tenant',
    retentionMs: 30 * DAY,
    writers: ['policy'],
  }),
  budgetEvents: topic({
    name: 'budget.events',
    kind: 'events',
    context: 'budget',
    doc: 'The ledger of each tenant with a budget: what is leased to its places, and what was spent.',
    records: {
      LeaseGranted: 'tenantId',
      LeaseAwaited: 'tenantId',
      LeaseDeferred: 'tenantId',
      LeaseRefused: 'tenantId',
      LeaseRecalled: 'tenantId',
      LeaseReturned: 'tenantId',
      LeaseSettled: 'tenantId',
    },
    partitionedBy: 'tenant',
    retentionMs: FOREVER,
    writers: ['budget'],
  }),
  budgetLeases: topic({
    name: 'budget.leases',
    kind: 'commands',
    context: 'budget',
    doc: 'Answers of the ledger of a tenant to its places, and recalls of what they hold unused.',
    records: { AnswerLease: 'place', GrantLease: 'place', RecallLease: 'place' },
    partitionedBy: 'place',
    placeField: 'place',
    chainField: 'chain',
    retentionMs: 30 * DAY,
    writers: ['budget'],
  }),
  policyMemory: topic({
    name: 'policy.memory',
    kind: 'events',
    context: 'policy',
    doc: 'Memory of policy, written in the transaction of the decision: leases of budgets, reservations and their settlement, and the histories of sessions.',
    records: {
      BudgetReserved: 'place',
      BudgetSettled: 'place',
      LeaseRequested: 'place',
      LeaseReceived: 'place',
      LeaseGivenBack: 'place',
      SessionRemembered: 'place',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['policy'],
  }),
  policyTimers: topic({
    name: 'policy.timers',
    kind: 'commands',
    context: 'policy',
    doc: 'Timers of leases that are due: one is idle, or a reservation has expired. Written and read by policy alone.',
    records: { ReviewLease: 'place' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['policy'],
  }),
  identityDirectory: topic({
    name: 'identity.directory',
    kind: 'state',
    context: 'identity',
    doc: 'The current state of every role, user, service account and API key. Held whole by each gateway.',
    records: { Role: 'entryId', Principal: 'entryId', ApiKey: 'entryId' },
    spread: 'single',
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['identity'],
    deadLetters: false,
  }),
  personasCommands: topic({
    name: 'personas.commands',
    kind: 'commands',
    context: 'personas',
    doc: 'Changes of personas. Not governed: a persona must be mendable while a kill switch stops its use.',
    records: { DefinePersona: 'entryId', RemovePersona: 'entryId' },
    spread: 'single',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  personasEvents: topic({
    name: 'personas.events',
    kind: 'events',
    context: 'personas',
    doc: 'Every change of personas: the history. The set-up writes the built-in ones at the first start.',
    records: { PersonaDefined: 'entryId', PersonaRemoved: 'entryId', PersonaRefused: 'entryId' },
    spread: 'single',
    retentionMs: FOREVER,
    writers: ['personas', 'setup'],
  }),
  personasCurrent: topic({
    name: 'personas.current',
    kind: 'state',
    context: 'personas',
    doc: 'The current state of every persona. Held whole by each gateway and by policy.',
    records: { Persona: 'entryId' },
    spread: 'single',
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['personas', 'setup'],
    deadLetters: false,
  }),
  auditEvents: topic({
    name: 'audit.events',
    kind: 'events',
    context: 'audit',
    doc: 'One record per event of the other topics, with a digest of its bytes.',
    records: { AuditRecorded: 'subjectId' },
    retentionMs: FOREVER,
    writers: ['audit'],
  }),
  operationsCommands: topic({
    name: 'operations.commands',
    kind: 'commands',
    context: 'operations',
    doc: 'Questions about dead letters, and their settlement. Not governed: it must work when no constitution can be verified.',
    records: { ReadDeadLetters: 'requestId', SettleDeadLetters: 'requestId' },
    spread: 'single',
    retentionMs: 7 * DAY,
    writers: ['gateway'],
  }),
  operationsEvents: topic({
    name: 'operations.events',
    kind: 'events',
    context: 'operations',
    doc: 'Dead letters that were redriven or dropped, and operations that failed.',
    records: { DeadLettersSettled: 'requestId', OperationRefused: 'requestId' },
    spread: 'single',
    retentionMs: FOREVER,
    writers: ['operations'],
  }),
  operationsAnswers: topic({
    name: 'operations.answers',
    kind: 'events',
    context: 'operations',
    doc: 'Answers to questions about dead letters, for the gateway that asked. Not audited and not stored: nothing has changed.',
    records: { DeadLettersRead: 'requestId' },
    spread: 'single',
    retentionMs: DAY,
    writers: ['operations'],
  }),
  coreRedrive: topic({
    name: 'core.redrive',
    kind: 'commands',
    context: 'core',
    doc: 'Redriven records of topics that core hands on: each for the member that wrote its dead letter.',
    records: {},
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['operator'],
    deadLetters: false,
  }),
  jobsCommands: governedTopic({
    name: 'jobs.commands',
    kind: 'commands',
    context: 'jobs',
    doc: 'Commands of users to jobs: start one, fork one, let it go on, run it again, send it a signal.',
    records: { StartJob: 'jobId', ForkJob: 'jobId', ResumeJob: 'jobId', RetryJob: 'jobId', SignalJob: 'jobId' },
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  jobsRequests: governedTopic({
    name: 'jobs.requests',
    kind: 'commands',
    context: 'jobs',
    doc: 'What the handlers of jobs ask for: child jobs and answers of models. Decided like a command of a user.',
    records: { StartChildJob: 'jobId', AskJobModel: 'callId', AskJobEmbedding: 'callId' },
    retentionMs: 30 * DAY,
    writers: ['jobs'],
  }),
  jobsControls: topic({
    name: 'jobs.controls',
    kind: 'commands',
    context: 'jobs',
    doc: 'Commands that end or hold jobs. Not governed: it must be possible while a kill switch stops all other commands.',
    records: { CancelJob: 'jobId', PauseJob: 'jobId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  jobsEvents: topic({
    name: 'jobs.events',
    kind: 'events',
    context: 'jobs',
    doc: 'The life of jobs: accepted, run, waiting, ended. Results of steps are in jobs.journal.',
    records: {
      JobAccepted: 'jobId',
      JobRefused: 'jobId',
      JobQueued: 'jobId',
      JobBatchBegun: 'jobId',
      JobBatched: 'jobId',
      JobBatchLeft: 'jobId',
      JobRunStarted: 'jobId',
      JobStepCompleted: 'jobId',
      JobStepAttempted: 'jobId',
      JobWaiting: 'jobId',
      JobRunEnded: 'jobId',
      JobSignalled: 'jobId',
      JobProgressed: 'jobId',
      JobPaused: 'jobId',
      JobSuspended: 'jobId',
      JobResumed: 'jobId',
      JobRetried: 'jobId',
      JobRunFailed: 'jobId',
      JobCompleted: 'jobId',
      JobFailed: 'jobId',
      JobDead: 'jobId',
      JobCancelled: 'jobId',
      JobSimulationDecided: 'jobId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['jobs'],
  }),
  jobsEntries: topic({
    name: 'jobs.entries',
    kind: 'commands',
    context: 'jobs',
    doc: 'Entries for the journals of jobs, and requests to send a journal to a worker.',
    records: { KeepJobEntry: 'chunkId', SendJobEntries: 'chunkId', DropJobEntries: 'chunkId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['jobs'],
  }),
  jobsJournal: topic({
    name: 'jobs.journal',
    kind: 'events',
    context: 'jobs',
    doc: 'Journals of jobs: the results of their steps and waits. A run takes them from here and does not run the steps again.',
    records: { JobEntryKept: 'chunkId', JobEntriesDropped: 'chunkId' },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['job-journal'],
  }),
  jobsWork: topic({
    name: 'jobs.work',
    kind: 'commands',
    context: 'jobs',
    doc: 'Runs of jobs for the workers, with their journals, and requests to end a run. Each kind has keys of its own.',
    records: { RunJob: 'jobId', LoadJobEntries: 'pageKey', StopJobRun: 'controlKey' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['jobs', 'job-journal'],
  }),
  jobsReports: topic({
    name: 'jobs.reports',
    kind: 'commands',
    context: 'jobs',
    doc: 'What the workers report of their runs, for the jobs processor to record. Reports of an earlier run are dropped.',
    records: {
      RecordJobStep: 'jobId',
      RecordJobWait: 'jobId',
      RecordJobProgress: 'jobId',
      EndJobRun: 'jobId',
    },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['job-runner'],
  }),
  jobsTimers: topic({
    name: 'jobs.timers',
    kind: 'commands',
    context: 'jobs',
    doc: 'Timers of jobs that are due. Written and read by the jobs processor alone.',
    records: { WakeJob: 'jobId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['jobs'],
  }),
  jobsChildren: topic({
    name: 'jobs.children',
    kind: 'commands',
    context: 'jobs',
    doc: 'Ends of child jobs, for the jobs that wait for them, and of those, for their children. Written and read by the jobs processor alone.',
    records: { EndChildJob: 'jobId', CancelChildJob: 'jobId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['jobs'],
  }),
  jobsTypes: topic({
    name: 'jobs.types',
    kind: 'state',
    context: 'jobs',
    doc: 'The types of jobs that workers have registered. Held whole by each gateway and by the jobs processor.',
    records: { JobType: 'type' },
    spread: 'single',
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['job-runner'],
    deadLetters: false,
  }),
  jobsSlots: topic({
    name: 'jobs.slots',
    kind: 'commands',
    context: 'jobs',
    doc: 'What jobs with limits ask of the slots of their concurrency key, and give back; ends of their batches.',
    records: { RequestJobSlot: 'slotKey', ReleaseJobSlot: 'slotKey', EndJobBatch: 'slotKey' },
    retentionMs: 7 * DAY,
    writers: ['jobs'],
  }),
  jobsAdmission: topic({
    name: 'jobs.admission',
    kind: 'events',
    context: 'jobs',
    doc: 'The slots of concurrency keys: which jobs wait, hold one, and gave it back.',
    records: {
      JobSlotQueued: 'slotKey',
      JobSlotGranted: 'slotKey',
      JobSlotReleased: 'slotKey',
      JobSlotRefused: 'slotKey',
      JobSlotSuperseded: 'slotKey',
      JobSlotJoined: 'slotKey',
      JobSlotCleared: 'slotKey',
    },
    retentionMs: FOREVER,
    writers: ['job-admission'],
  }),
  jobsGrants: topic({
    name: 'jobs.grants',
    kind: 'commands',
    context: 'jobs',
    doc: 'Answers to jobs that asked for a slot, ends of jobs that a newer one replaces, and ends of batches for their members.',
    records: {
      GrantJobSlot: 'jobId',
      RefuseJobSlot: 'jobId',
      SupersedeJob: 'jobId',
      JoinJobBatch: 'jobId',
      EndBatchedJob: 'jobId',
    },
    partitionedBy: 'place',
    placeField: 'place',
    chainField: 'chain',
    retentionMs: 7 * DAY,
    writers: ['job-admission'],
  }),
  jobsSlotTimers: topic({
    name: 'jobs.slot-timers',
    kind: 'commands',
    context: 'jobs',
    doc: 'Timers of concurrency keys that are due: of a rate, or of a job that waits for newer ones. Written and read by job-admission alone.',
    records: { WakeJobSlot: 'slotKey' },
    retentionMs: 7 * DAY,
    writers: ['job-admission'],
  }),
  schedulesCommands: governedTopic({
    name: 'schedules.commands',
    kind: 'commands',
    context: 'schedules',
    doc: 'Commands of users to schedules: define one, let it go on, run it now, make up for past runs.',
    records: {
      DefineSchedule: 'scheduleId',
      ResumeSchedule: 'scheduleId',
      TriggerSchedule: 'scheduleId',
      BackfillSchedule: 'scheduleId',
    },
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  schedulesRequests: governedTopic({
    name: 'schedules.requests',
    kind: 'commands',
    context: 'schedules',
    doc: 'Jobs that schedules ask for, one a run. Decided like a start by the principal that defined the schedule.',
    records: { StartScheduledJob: 'jobId' },
    retentionMs: 30 * DAY,
    writers: ['schedules'],
  }),
  schedulesControls: topic({
    name: 'schedules.controls',
    kind: 'commands',
    context: 'schedules',
    doc: 'Commands that hold or remove schedules. Not governed: it must be possible while a kill switch stops all other commands.',
    records: { PauseSchedule: 'scheduleId', RemoveSchedule: 'scheduleId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  schedulesEvents: topic({
    name: 'schedules.events',
    kind: 'events',
    context: 'schedules',
    doc: 'The life of schedules: defined, held, removed, and what became of each due time.',
    records: {
      ScheduleDefined: 'scheduleId',
      SchedulePaused: 'scheduleId',
      ScheduleResumed: 'scheduleId',
      ScheduleRemoved: 'scheduleId',
      ScheduleFired: 'scheduleId',
      ScheduleSkipped: 'scheduleId',
      ScheduleBuffered: 'scheduleId',
      ScheduleBackfilled: 'scheduleId',
      ScheduledJobEnded: 'scheduleId',
      ScheduleRefused: 'scheduleId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['schedules'],
  }),
  schedulesTimers: topic({
    name: 'schedules.timers',
    kind: 'commands',
    context: 'schedules',
    doc: 'Timers of schedules that are due. Written and read by the schedules processor alone.',
    records: { FireSchedule: 'scheduleId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['schedules'],
  }),
  schedulesEnds: topic({
    name: 'schedules.ends',
    kind: 'commands',
    context: 'schedules',
    doc: 'Ends of jobs, for the schedules that started them.',
    records: { EndScheduledJob: 'scheduleId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['jobs'],
  }),
  schedulesCancels: topic({
    name: 'schedules.cancels',
    kind: 'commands',
    context: 'schedules',
    doc: 'Ends of runs that the next one replaces, for their jobs. Not governed: they only end work.',
    records: { CancelScheduledJob: 'jobId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['schedules'],
  }),
  filesCommands: governedTopic({
    name: 'files.commands',
    kind: 'commands',
    context: 'files',
    doc: 'Commands to files: create one whose pieces are on the log, delete one.',
    records: { CreateFile: 'fileId', DeleteFile: 'fileId' },
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  filesOutputs: topic({
    name: 'files.outputs',
    kind: 'commands',
    context: 'files',
    doc: 'Files that jobs have written. Not governed: the job runs under a decision of its own.',
    records: { KeepFile: 'fileId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['job-runner'],
  }),
  filesWorkspaces: topic({
    name: 'files.workspaces',
    kind: 'commands',
    context: 'files',
    doc: 'Files that calls of the tool files write and delete, in the transaction of the end of the call.',
    records: { KeepWorkspaceFile: 'fileId', DropWorkspaceFile: 'fileId' },
    partitionedBy: 'place',
    placeField: 'place',
    retentionMs: 30 * DAY,
    writers: ['tool-worker'],
  }),
  filesEvents: topic({
    name: 'files.events',
    kind: 'events',
    context: 'files',
    doc: 'Files that were created, deleted or refused.',
    records: { FileCreated: 'fileId', FileDeleted: 'fileId', FileRefused: 'fileId' },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['files'],
  }),
  filesPieces: topic({
    name: 'files.pieces',
    kind: 'events',
    context: 'files',
    doc: 'Contents in pieces, each named by tenant and digest: a piece that comes again changes nothing. Not audited and not stored as events: FileCreated has the digest.',
    records: { FilePiece: 'contentId' },
    retentionMs: FOREVER,
    writers: ['gateway', 'job-runner', 'tool-worker', 'program-runner'],
  }),
  toolsCommands: governedTopic({
    name: 'tools.commands',
    kind: 'commands',
    context: 'tools',
    doc: 'Commands to tools: register one, replace its manifest, remove it, call it, compare it with its server, ask a server for what it offers.',
    records: { RegisterTool: 'toolId', UpdateTool: 'toolId', RemoveTool: 'toolId', CallTool: 'callId' },
    retentionMs: 30 * DAY,
    writers: ['gateway', 'agents', 'jobs'],
    readBack: true,
  }),
  toolsEvents: topic({
    name: 'tools.events',
    kind: 'events',
    context: 'tools',
    doc: 'Tools that were registered, updated, removed, quarantined or refused: the history of their manifests.',
    records: {
      ToolRegistered: 'toolId',
      ToolUpdated: 'toolId',
      ToolRemoved: 'toolId',
      ToolQuarantined: 'toolId',
      ToolRefused: 'toolId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['tool-registry'],
  }),
  toolsCurrent: topic({
    name: 'tools.current',
    kind: 'state',
    context: 'tools',
    doc: 'The current definition of every tool. Held whole by each gateway and by the tools processor.',
    records: { Tool: 'toolId' },
    spread: 'single',
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['tool-registry'],
    deadLetters: false,
  }),
  toolsCalls: topic({
    name: 'tools.calls',
    kind: 'events',
    context: 'tools',
    doc: 'Calls of tools: held for an approval, requested, started, completed or refused.',
    records: {
      ToolCallHeld: 'callId',
      ToolCallWaiting: 'callId',
      ToolCallRevisionRefused: 'callId',
      ToolCallRequested: 'callId',
      ToolCallStarted: 'callId',
      ToolCallCompleted: 'callId',
      ToolCallRefused: 'callId',
    },
    partitionedBy: 'place',
    chainField: 'chain',
    retentionMs: FOREVER,
    writers: ['tools'],
  }),
  toolsQuarantines: topic({
    name: 'tools.quarantines',
    kind: 'commands',
    context: 'tools',
    doc: 'Tools to quarantine, for the registry, by what calls found: each is of the place of the tool.',
    records: { QuarantineTool: 'toolId' },
    partitionedBy: 'place',
    placeField: 'place',
    retentionMs: 30 * DAY,
    writers: ['tools'],
  }),
  toolsWork: topic({
    name: 'tools.work',
    kind: 'commands',
    context: 'tools',
    doc: 'Calls for the tool worker. Written only under an allowing decision.',
    records: { RunToolCall: 'callId' },
    chainField: 'chain',
    retentionMs: 7 * DAY,
    writers: ['tools'],
  }),
  toolsRevisions: governedTopic({
    name: 'tools.revisions',
    kind: 'commands',
    context: 'tools',
    doc: 'Waiting calls whose arguments an approver edited. Decided like the call.',
    records: { ReviseToolCall: 'callId' },
    retentionMs: 30 * DAY,
    writers: ['tools'],
  }),
  approvalsCommands: governedTopic({
    name: 'approvals.commands',
    kind: 'commands',
    context: 'approvals',
    doc: 'Commands of people to approvals: decide on one, revoke a grant.',
    records: { DecideApproval: 'approvalId', RevokeApprovalGrant: 'grantId' },
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  approvalsEvents: topic({
    name: 'approvals.events',
    kind: 'events',
    context: 'approvals',
    doc: 'Approvals and grants, in order per session: what was asked of people, and what they decided.',
    records: {
      ApprovalRequested: 'scopeId',
      ApprovalVoted: 'scopeId',
      ApprovalGranted: 'scopeId',
      ApprovalRejected: 'scopeId',
      ApprovalExpired: 'scopeId',
      ApprovalEscalated: 'scopeId',
      ApprovalEdited: 'scopeId',
      ApprovalEditRefused: 'scopeId',
      ApprovalRefused: 'scopeId',
      ApprovalGrantGiven: 'scopeId',
      ApprovalGrantEnded: 'scopeId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['approvals'],
  }),
  approvalsTimers: topic({
    name: 'approvals.timers',
    kind: 'commands',
    context: 'approvals',
    doc: 'Timers of approvals and grants that are due. Written and read by the approvals processor alone.',
    records: { ExpireApproval: 'scopeId', EscalateApproval: 'scopeId', EndApprovalGrant: 'scopeId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['approvals'],
  }),
  approvalsNotices: topic({
    name: 'approvals.notices',
    kind: 'events',
    context: 'approvals',
    doc: 'Messages to the webhook of approvals: delivered, or given up. Empty where there is no webhook.',
    records: { ApproverNotified: 'approvalId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['approval-notifier'],
  }),
  toolsResults: topic({
    name: 'tools.results',
    kind: 'events',
    context: 'tools',
    doc: 'What the tool worker says of calls: begun, and ended.',
    records: { ToolCallBegan: 'callId', ToolCallEnded: 'callId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['tool-worker'],
  }),
  capsulesCommands: governedTopic({
    name: 'capsules.commands',
    kind: 'commands',
    context: 'capsules',
    doc: 'Commands to capsules and to installs of them: publish, review, attest, yank, revoke; install, upgrade, roll back, remove.',
    records: {
      SubmitCapsule: 'capsuleId',
      ReviewCapsule: 'capsuleId',
      AttestCapsule: 'capsuleId',
      YankCapsule: 'capsuleId',
      RevokeCapsule: 'capsuleId',
      InstallCapsule: 'installId',
      UpgradeCapsule: 'installId',
      RollbackCapsule: 'installId',
      UninstallCapsule: 'installId',
    },
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  capsulesEvents: topic({
    name: 'capsules.events',
    kind: 'events',
    context: 'capsules',
    doc: 'Capsules that were submitted, reviewed, listed, attested, yanked, revoked or refused.',
    records: {
      CapsuleSubmitted: 'capsuleId',
      CapsuleReviewed: 'capsuleId',
      CapsuleListed: 'capsuleId',
      CapsuleAttested: 'capsuleId',
      CapsuleYanked: 'capsuleId',
      CapsuleRevoked: 'capsuleId',
      CapsuleRefused: 'capsuleId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['capsules'],
  }),
  capsulesInstalls: topic({
    name: 'capsules.installs',
    kind: 'events',
    context: 'capsules',
    doc: 'Installs of capsules: made, upgraded, rolled back, removed or refused. Each names the price and the publisher.',
    records: {
      CapsuleInstalled: 'installId',
      CapsuleUpgraded: 'installId',
      CapsuleRolledBack: 'installId',
      CapsuleUninstalled: 'installId',
      CapsuleInstallRefused: 'installId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['capsule-installs'],
  }),
  capsulesCurrent: topic({
    name: 'capsules.current',
    kind: 'state',
    context: 'capsules',
    doc: 'The current state of every capsule. Held whole by each gateway and by the processor of installs.',
    records: { Capsule: 'capsuleId' },
    spread: 'single',
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['capsules'],
    deadLetters: false,
  }),
  capsulesInstalled: topic({
    name: 'capsules.installed',
    kind: 'state',
    context: 'capsules',
    doc: 'The current state of every install. Held whole by each gateway.',
    records: { CapsuleInstall: 'installId' },
    spread: 'single',
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['capsule-installs'],
    deadLetters: false,
  }),
  agentsCommands: governedTopic({
    name: 'agents.commands',
    kind: 'commands',
    context: 'agents',
    doc: 'Commands of users to agents: start a run.',
    records: { StartAgentRun: 'runId' },
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  agentsRequests: governedTopic({
    name: 'agents.requests',
    kind: 'commands',
    context: 'agents',
    doc: 'What runs of agents ask for: answers of models, segments of programs and child runs, and runs that jobs ask for. Decided like a command of a user.',
    records: { AskAgentModel: 'callId', RunAgentProgram: 'callId', StartChildAgentRun: 'runId' },
    retentionMs: 30 * DAY,
    writers: ['agents', 'jobs'],
  }),
  agentsControls: topic({
    name: 'agents.controls',
    kind: 'commands',
    context: 'agents',
    doc: 'Commands that end runs. Not governed: it must be possible while a kill switch stops all other commands.',
    records: { CancelAgentRun: 'runId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  agentsEvents: topic({
    name: 'agents.events',
    kind: 'events',
    context: 'agents',
    doc: 'Runs of agents: started, each answer of the model, each result of a call, ended. The state of a run is their fold.',
    records: {
      AgentRunStarted: 'runId',
      AgentRunRefused: 'runId',
      AgentStepStarted: 'runId',
      AgentStepCompleted: 'runId',
      AgentCallEnded: 'runId',
      AgentAnswerRejected: 'runId',
      AgentFormatDropped: 'runId',
      AgentRunCompleted: 'runId',
      AgentRunFailed: 'runId',
      AgentRunCancelled: 'runId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['agents'],
  }),
  agentsChildren: topic({
    name: 'agents.children',
    kind: 'commands',
    context: 'agents',
    doc: 'Ends of child runs, for the runs and jobs that wait for them, and of those, for their children.',
    records: { EndChildAgentRun: 'runId', CancelChildAgentRun: 'runId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['agents', 'jobs'],
  }),
  agentsTimers: topic({
    name: 'agents.timers',
    kind: 'commands',
    context: 'agents',
    doc: 'Timers of runs that are due: the deadline. Written and read by the agents processor alone.',
    records: { TimeOutAgentRun: 'runId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['agents'],
  }),
  agentsPrograms: topic({
    name: 'agents.programs',
    kind: 'commands',
    context: 'agents',
    doc: 'Programs of runs, to run to their next call. Written only under an allowing decision.',
    records: { RunProgramSegment: 'runId' },
    retentionMs: 7 * DAY,
    writers: ['agents'],
  }),
  agentsSegments: topic({
    name: 'agents.segments',
    kind: 'events',
    context: 'agents',
    doc: 'Segments of programs that have ended: at a call, with a value, or with an error.',
    records: { ProgramSegmentEnded: 'runId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['program-runner'],
  }),
  memoryCommands: governedTopic({
    name: 'memory.commands',
    kind: 'commands',
    context: 'memory',
    doc: 'Commands to memories: remember a text, link two memories, forget one.',
    records: { RememberMemory: 'memoryId', LinkMemories: 'memoryId', ForgetMemory: 'memoryId' },
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  memoryOutputs: topic({
    name: 'memory.outputs',
    kind: 'commands',
    context: 'memory',
    doc: 'Texts that calls of the tool khipu.memory keep and forget, in the transaction of the end of the call.',
    records: { KeepMemory: 'memoryId', DropMemory: 'memoryId' },
    partitionedBy: 'place',
    placeField: 'place',
    retentionMs: 30 * DAY,
    writers: ['tool-worker'],
  }),
  memoryQuestions: topic({
    name: 'memory.questions',
    kind: 'commands',
    context: 'memory',
    doc: 'Turns that our own rules allow, as questions for the memories that they ask for.',
    records: { AskRecall: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['policy'],
  }),
  memoryAnswers: topic({
    name: 'memory.answers',
    kind: 'events',
    context: 'memory',
    doc: 'Memories that were recalled for turns. Policy decides on the turn with them; the decision carries them.',
    records: { RecallAnswered: 'subjectId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['turn-recall'],
  }),
  memoryEvents: topic({
    name: 'memory.events',
    kind: 'events',
    context: 'memory',
    doc: 'Memories that were kept, linked, forgotten or refused.',
    records: {
      MemoryRemembered: 'memoryId',
      MemoryLinked: 'memoryId',
      MemoryForgotten: 'memoryId',
      MemoryRefused: 'memoryId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['memory'],
  }),
  billingCommands: topic({
    name: 'billing.commands',
    kind: 'commands',
    context: 'billing',
    doc: 'Changes of prices. Not governed: prices must be mendable while a kill switch stops their use.',
    records: { SetPrices: 'bookId' },
    spread: 'single',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  billingEvents: topic({
    name: 'billing.events',
    kind: 'events',
    context: 'billing',
    doc: 'Every change of prices: the history.',
    records: { PricesSet: 'bookId', PricesRefused: 'bookId' },
    spread: 'single',
    retentionMs: FOREVER,
    writers: ['prices'],
  }),
  billingPrices: topic({
    name: 'billing.prices',
    kind: 'state',
    context: 'billing',
    doc: 'Every version of the prices, none replaced. Held whole by each gateway and by billing.',
    records: { PriceVersion: 'versionId' },
    spread: 'single',
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['prices'],
    deadLetters: false,
  }),
  billingControls: topic({
    name: 'billing.controls',
    kind: 'commands',
    context: 'billing',
    doc: 'Corrections of charges. Not governed: a wrong charge must be mendable while a kill switch stops its cause.',
    records: { CorrectCharge: 'chargeId' },
    partitionedBy: 'place',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  billingLedger: topic({
    name: 'billing.ledger',
    kind: 'events',
    context: 'billing',
    doc: 'The ledger: one record a transaction in double entry, each placed with its cause.',
    records: {
      LedgerReserved: 'chargeId',
      LedgerPosted: 'chargeId',
      LedgerVoided: 'chargeId',
      ChargeClosed: 'chargeId',
      CorrectionRefused: 'chargeId',
    },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['billing'],
  }),
  billingTimers: topic({
    name: 'billing.timers',
    kind: 'commands',
    context: 'billing',
    doc: 'Timers of charges: a reservation has expired, or no further report is taken. Written and read by billing alone.',
    records: { ReviewCharge: 'chargeId' },
    partitionedBy: 'place',
    retentionMs: 7 * DAY,
    writers: ['billing'],
  }),
  analyticsEvents: topic({
    name: 'analytics.events',
    kind: 'events',
    context: 'analytics',
    doc: 'Figures of windows of time: each record is a part of one, and windows are sums of their parts.',
    records: { WindowMeasured: 'sourceId', SourceJoined: 'sourceId' },
    partitionedBy: 'place',
    retentionMs: FOREVER,
    writers: ['analytics'],
  }),
  policyState: state('policy'),
  budgetState: state('budget'),
  sessionsState: state('sessions'),
  conversationState: state('conversation'),
  inferenceState: state('inference'),
  jobsState: state('jobs'),
  jobJournalState: state('jobs', 'partitioned', 'job-journal'),
  jobAdmissionState: state('jobs', 'partitioned', 'job-admission'),
  schedulesState: state('schedules'),
  filesState: state('files'),
  agentsState: state('agents'),
  toolsState: state('tools'),
  toolRegistryState: state('tools', 'partitioned', 'tool-registry'),
  approvalsState: state('approvals'),
  capsulesState: state('capsules'),
  capsuleInstallsState: state('capsules', 'partitioned', 'capsule-installs'),
  memoryState: state('memory'),
  billingState: state('billing'),
  analyticsState: state('analytics'),
  pricesState: state('billing', 'single', 'prices'),
  killSwitchState: state('kill-switch', 'single'),
  identityState: state('identity', 'single'),
  personasState: state('personas', 'single'),
  constitutionState: state('constitution', 'single'),
} as const;

type AnyGovernedTopic = Extract<(typeof topics)[keyof typeof topics], { readonly governed: true }>;
/** Records of the governed topics. */
export type GovernedRecord = RecordsIn<AnyGovernedTopic>;
export const governedTopics = Object.values(topics).filter(
  (each): each is AnyGovernedTopic => each.governed,
) as readonly AnyGovernedTopic[];

export const allTopics: readonly Topic[] = Object.values(topics) as readonly Topic[];

/**
 * Returns true for a topic of facts. Audit records describe the facts; shadow decisions and answers to operators have no
 * effect; deltas are contained in the end of their turn; pieces are named by the digest in FileCreated.
 */
const hasFacts = ({ kind, name }: Topic): boolean =>
  (kind === 'events' || kind === 'decisions') &&
  name !== topics.auditEvents.name &&
  name !== topics.analyticsEvents.name &&
  name !== topics.policyShadow.name &&
  name !== topics.operationsAnswers.name &&
  name !== topics.conversationDeltas.name &&
  name !== topics.filesPieces.name;

/**
 * Topics of the audit: every topic of facts, and the requests to models. Other commands are contained in their decision,
 * or in the event that they cause.
 */
export const auditedTopics: readonly Topic[] = allTopics.filter(
  (topic) => topic.name === topics.slmRequests.name || hasFacts(topic),
);

/** Answers that a decision contains. */
const answersOfDecisions: ReadonlySet<string> = new Set([
  topics.policyAnswers.name,
  topics.classifierAnswers.name,
  topics.memoryAnswers.name,
]);

/** Topics of the eventstore: every topic of facts except answers, because the decision contains them. */
export const storedTopics: readonly Topic[] = allTopics.filter(
  (topic) => !answersOfDecisions.has(topic.name) && hasFacts(topic),
);

/** Returns the names of the topics that a role, processor or worker writes: outputs, state and timers. */
export const writtenBy = (writer: string): readonly string[] =>
  allTopics.filter(({ writers }) => writers.includes(writer)).map(({ name }) => name);

/**
 * Returns the name of the dead-letter topic of `topicName`. It has the partitions of its origin, so that a key keeps
 * its partition.
 */
export const deadLetterTopic = (topicName: string): string => `${topicName}${DEAD_LETTERS}`;
/** Returns true for the name of a dead-letter topic. */
export const isDeadLetterTopic = (topicName: string): boolean => topicName.endsWith(DEAD_LETTERS);
const DEAD_LETTERS = '.dlq';

const homes = new Map<string, Topic>(
  allTopics.flatMap((home) => Object.keys(home.records).map((record) => [record, home] as const)),
);

/** Returns the one topic of a record. Throws for a record in no topic: a bug in the catalogue. */
export function topicOf(record: RecordName): Topic {
  const home = homes.get(record);
  if (home === undefined) throw new Error(`record ${record} is in no topic`);
  return home;
}

/** Returns the place that a record names itself; null in a topic without `placeField`. Throws when it is not text. */
export function placeIn(record: { readonly type: RecordName; readonly data: object }): string | null {
  const { placeField } = topicOf(record.type);
  if (placeField === undefined) return null;
  const place = (record.data as Readonly<Record<string, unknown>>)[placeField];
  if (typeof place !== 'string') throw new Error(`${record.type}.${placeField} must be a string`);
  return place;
}

/** Returns the chain that a record names itself; null for a record that continues the chain of its cause. Never throws. */
export function chainIn(record: { readonly type: RecordName; readonly data: object }): CommandChain | null {
  const { chainField } = topicOf(record.type);
  const chain = chainField === undefined ? undefined : (record.data as Readonly<Record<string, unknown>>)[chainField];
  return (chain as CommandChain | undefined) ?? null;
}

/** Returns the Kafka key of a record: the value of its key field. Throws when it is not a non-empty string. */
export function keyOf(record: { readonly type: RecordName; readonly data: object }): string {
  const field = (topicOf(record.type).records as Readonly<Record<string, string>>)[record.type] ?? '';
  const key = (record.data as Readonly<Record<string, unknown>>)[field];
  if (typeof key !== 'string' || key === '') throw new Error(`${record.type}.${field} must be a non-empty string`);
  return key;
}
