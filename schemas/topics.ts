import type { RecordName, Records } from './generated/records.ts';

/** `interactive` work is never kept waiting by `batch` work. */
export type Lane = 'interactive' | 'batch';
export type TopicKind = 'commands' | 'decisions' | 'events' | 'state';

/** Record → the field (camelCase) whose value is the Kafka key. */
type KeyFields<N extends RecordName> = { readonly [K in N]: keyof Records[K] & string };

export interface Topic<N extends RecordName = RecordName> {
  readonly name: string;
  readonly kind: TopicKind;
  readonly context: string;
  readonly doc: string;
  readonly records: KeyFields<N>;
  /** Equal for all topics that one processor reads together. Adding partitions moves keys: ADR 0003. */
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  /**
   * What decides on the partition: `key`, or `tenant`, which keeps all of a tenant's records together, so that one task
   * sees them in order. Whoever writes to such a topic says so with each record (ADR 0012).
   */
  readonly partitionedBy: 'key' | 'tenant';
  /** In ms; -1 keeps for ever. */
  readonly retentionMs: number;
  readonly lane: Lane;
  /** Every process that may write here; one writer a key. */
  readonly writers: readonly string[];
  /** Commands of a governed topic run only under a policy decision. */
  readonly governed: boolean;
  /** A `<name>.dlq` stands beside it for what its readers cannot decode or decide. */
  readonly deadLetters: boolean;
}

export type RecordsIn<T> = T extends Topic<infer N> ? N : never;

const DAY = 24 * 60 * 60 * 1000;
const FOREVER = -1;
/** Two days of a burst on one partition of a laptop, and the parallelism of four processes: ADR 0003. */
export const PARTITIONS = 4;

const defaults = {
  partitions: PARTITIONS,
  partitionedBy: 'key',
  cleanup: 'delete',
  lane: 'interactive',
  governed: false,
  deadLetters: true,
} as const;

const topic = <N extends RecordName>(
  spec: Omit<Topic<N>, keyof typeof defaults> & Partial<Pick<Topic<N>, keyof typeof defaults>>,
): Topic<N> => ({ ...defaults, ...spec });

const state = (processor: string, partitions: number = PARTITIONS): Topic<never> =>
  topic<never>({
    name: `${processor}.state`,
    kind: 'state',
    context: processor,
    doc: `State of the ${processor} processor, one JSON value a key. A cache: rebuilt from the events at any time.`,
    records: {},
    partitions,
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: [processor],
    deadLetters: false,
  });

/** The catalogue: every topic, who writes it, what stands in it and for how long. */
export const topics = {
  sessionsCommands: topic({
    name: 'sessions.commands',
    kind: 'commands',
    context: 'sessions',
    doc: 'What users ask of sessions: start one, take a turn.',
    records: { StartSession: 'sessionId', SubmitTurn: 'sessionId' },
    partitionedBy: 'tenant',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
    governed: true,
  }),
  inferenceCommands: topic({
    name: 'inference.commands',
    kind: 'commands',
    context: 'inference',
    doc: 'Answers and embeddings asked for outside any session.',
    records: { InferText: 'requestId', EmbedText: 'requestId' },
    partitionedBy: 'tenant',
    retentionMs: 30 * DAY,
    writers: ['gateway'],
    governed: true,
  }),
  policyDecisions: topic({
    name: 'policy.decisions',
    kind: 'decisions',
    context: 'policy',
    doc: 'The verdict on every governed command, carrying the command. Contexts act on decisions, never on commands.',
    records: { PolicyDecided: 'subjectId' },
    retentionMs: FOREVER,
    writers: ['policy'],
  }),
  policyShadow: topic({
    name: 'policy.shadow',
    kind: 'decisions',
    context: 'policy',
    doc: 'Decisions that the shadow constitution would have taken otherwise. Nothing acts on them.',
    records: { ShadowDecided: 'subjectId' },
    retentionMs: 30 * DAY,
    writers: ['policy'],
  }),
  policyQuestions: topic({
    name: 'policy.questions',
    kind: 'commands',
    context: 'policy',
    doc: 'Governed commands that our own rules allow, to be asked of the outside policy engine. Empty where there is none.',
    records: { AskPolicyEngine: 'subjectId' },
    retentionMs: 7 * DAY,
    writers: ['policy'],
  }),
  policyAnswers: topic({
    name: 'policy.answers',
    kind: 'events',
    context: 'policy',
    doc: 'What the outside policy engine said of them. Policy decides on it; the decision carries it.',
    records: { PolicyEngineAnswered: 'subjectId' },
    partitionedBy: 'tenant',
    retentionMs: 30 * DAY,
    writers: ['policy-engine'],
  }),
  sessionsEvents: topic({
    name: 'sessions.events',
    kind: 'events',
    context: 'sessions',
    doc: 'Sessions that started or were refused.',
    records: { SessionStarted: 'sessionId', SessionRefused: 'sessionId' },
    retentionMs: FOREVER,
    writers: ['sessions'],
  }),
  conversationEvents: topic({
    name: 'conversation.events',
    kind: 'events',
    context: 'conversation',
    doc: 'Turns and their streamed answers, in order per session. Server-Sent Events are fed from here.',
    records: {
      ConversationOpened: 'sessionId',
      TurnQueued: 'sessionId',
      TurnStarted: 'sessionId',
      TurnDelta: 'sessionId',
      TurnCompleted: 'sessionId',
      TurnFailed: 'sessionId',
      TurnRefused: 'sessionId',
    },
    retentionMs: FOREVER,
    writers: ['conversation'],
  }),
  conversationTimers: topic({
    name: 'conversation.timers',
    kind: 'commands',
    context: 'conversation',
    doc: 'What became due in a conversation: the deadline of its turn. Its own timers, read back by itself.',
    records: { TimeOutTurn: 'sessionId' },
    retentionMs: 7 * DAY,
    writers: ['conversation'],
  }),
  inferenceEvents: topic({
    name: 'inference.events',
    kind: 'events',
    context: 'inference',
    doc: 'The synchronous fallback: requests that were let through, and their outcomes.',
    records: {
      InferenceStarted: 'requestId',
      InferenceCompleted: 'requestId',
      EmbeddingCompleted: 'requestId',
      InferenceFailed: 'requestId',
      InferenceRefused: 'requestId',
    },
    retentionMs: 30 * DAY,
    writers: ['inference'],
  }),
  slmRequests: topic({
    name: 'slm.requests',
    kind: 'commands',
    context: 'slm',
    doc: 'Requests to language models, and what takes them back. Requests are written only under an allowing decision.',
    records: { SlmRequested: 'subjectId', SlmEmbeddingRequested: 'subjectId', CancelSlmRequest: 'subjectId' },
    retentionMs: 7 * DAY,
    writers: ['conversation', 'inference'],
  }),
  slmResponses: topic({
    name: 'slm.responses',
    kind: 'events',
    context: 'slm',
    doc: 'What language models answered, piece by piece.',
    records: { SlmDelta: 'subjectId', SlmCompleted: 'subjectId', SlmEmbedded: 'subjectId', SlmFailed: 'subjectId' },
    retentionMs: 7 * DAY,
    writers: ['slm'],
  }),
  slmMetrics: topic({
    name: 'slm.metrics',
    kind: 'events',
    context: 'slm',
    doc: 'What each request used: tokens, time, money. Billing reads this.',
    records: { SlmMetered: 'subjectId' },
    retentionMs: FOREVER,
    writers: ['slm'],
  }),
  constitutionEvents: topic({
    name: 'constitution.events',
    kind: 'events',
    context: 'constitution',
    doc: 'The life of constitutions: proposed, reviewed, signed, published, and from where on each was in force. Few and kept for ever: decisions are decided again by them. In development the set-up publishes the first one.',
    records: {
      ConstitutionProposed: 'version',
      ConstitutionReviewed: 'version',
      ConstitutionSigned: 'version',
      ConstitutionPublished: 'version',
      ConstitutionActivated: 'slot',
      ConstitutionShadowed: 'slot',
      ConstitutionRefused: 'subject',
    },
    partitions: 1,
    retentionMs: FOREVER,
    writers: ['constitution', 'setup'],
  }),
  constitutionCommands: topic({
    name: 'constitution.commands',
    kind: 'commands',
    context: 'constitution',
    doc: 'What people ask of constitutions. Not governed: it must work when no constitution can be verified.',
    records: {
      ProposeConstitution: 'version',
      ReviewConstitution: 'version',
      SignConstitution: 'version',
      ActivateConstitution: 'version',
      ShadowConstitution: 'slot',
    },
    partitions: 1,
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  killswitchCommands: topic({
    name: 'killswitch.commands',
    kind: 'commands',
    context: 'killswitch',
    doc: 'What operators ask of kill switches. Not governed: stopping must work when no constitution can be verified.',
    records: { EngageKillSwitch: 'scope', ReleaseKillSwitch: 'scope' },
    partitions: 1,
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  killswitchEvents: topic({
    name: 'killswitch.events',
    kind: 'events',
    context: 'killswitch',
    doc: 'Kill switches that were engaged, proposed to be released, released or refused: the history.',
    records: {
      KillSwitchEngaged: 'scope',
      KillSwitchReleased: 'scope',
      KillSwitchReleaseProposed: 'scope',
      KillSwitchRefused: 'scope',
    },
    partitions: 1,
    retentionMs: FOREVER,
    writers: ['killswitch'],
  }),
  killswitchSwitches: topic({
    name: 'killswitch.switches',
    kind: 'state',
    context: 'killswitch',
    doc: 'Every kill switch as it stands. Held whole by each gateway, by policy and by the workers.',
    records: { KillSwitch: 'scope' },
    partitions: 1,
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['killswitch'],
    deadLetters: false,
  }),
  accessCommands: topic({
    name: 'access.commands',
    kind: 'commands',
    context: 'access',
    doc: 'Session tokens that are to be taken back. Not governed: it must work when no constitution can be verified.',
    records: { RevokeTokens: 'scope' },
    partitions: 1,
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  accessEvents: topic({
    name: 'access.events',
    kind: 'events',
    context: 'access',
    doc: 'Session tokens that were taken back. Held by each gateway; kept longer than any token lives.',
    records: { TokensRevoked: 'scope', RevocationRefused: 'scope' },
    partitions: 1,
    retentionMs: 30 * DAY,
    writers: ['access'],
  }),
  identityCommands: topic({
    name: 'identity.commands',
    kind: 'commands',
    context: 'identity',
    doc: 'Tenants, roles, users, service accounts and API keys that are to be set up. Not governed: setting up must work while no constitution is in force.',
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
    partitions: 1,
    retentionMs: 30 * DAY,
    writers: ['gateway'],
  }),
  identityEvents: topic({
    name: 'identity.events',
    kind: 'events',
    context: 'identity',
    doc: 'Who there is and what they may do, and every change of it: the history. Of API keys the slow hash, never the key.',
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
    partitions: 1,
    retentionMs: FOREVER,
    writers: ['identity'],
  }),
  identityTenants: topic({
    name: 'identity.tenants',
    kind: 'state',
    context: 'identity',
    doc: 'Every tenant as it stands, with its settings. Held whole by each gateway and by policy.',
    records: { Tenant: 'tenantId' },
    partitions: 1,
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['identity'],
    deadLetters: false,
  }),
  budgetCommands: topic({
    name: 'budget.commands',
    kind: 'commands',
    context: 'budget',
    doc: 'Requests that have ended, told to whoever keeps the budget of their tenant. Only of tenants that have one.',
    records: { SettleBudget: 'tenantId' },
    retentionMs: 30 * DAY,
    writers: ['meter'],
  }),
  policyMemory: topic({
    name: 'policy.memory',
    kind: 'events',
    context: 'policy',
    doc: 'What policy remembers, written in the transaction of the decision: what was reserved of budgets and what became of it, and what was let into sessions.',
    records: { BudgetReserved: 'tenantId', BudgetSettled: 'tenantId', SessionRemembered: 'tenantId' },
    retentionMs: FOREVER,
    writers: ['policy'],
  }),
  identityDirectory: topic({
    name: 'identity.directory',
    kind: 'state',
    context: 'identity',
    doc: 'Every role, user, service account and API key as it stands. Held whole by each gateway.',
    records: { Role: 'entryId', Principal: 'entryId', ApiKey: 'entryId' },
    partitions: 1,
    cleanup: 'compact',
    retentionMs: FOREVER,
    writers: ['identity'],
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
  policyState: state('policy'),
  sessionsState: state('sessions'),
  conversationState: state('conversation'),
  inferenceState: state('inference'),
  killswitchState: state('killswitch', 1),
  identityState: state('identity', 1),
  constitutionState: state('constitution', 1),
} as const;

export const allTopics: readonly Topic[] = Object.values(topics) as readonly Topic[];

/** What the eventstore holds: every event and decision but the audit records, which speak of these. */
export const storedTopics: readonly Topic[] = allTopics.filter(
  ({ kind, name }) =>
    (kind === 'events' || kind === 'decisions') &&
    name !== topics.auditEvents.name &&
    // What would have been decided did not happen, and is nobody's business whose session it would have been.
    name !== topics.policyShadow.name &&
    // The decision carries the answer, and the command too.
    name !== topics.policyAnswers.name,
);

/** Name of the dead-letter topic of `topicName`. One partition count with its origin, so that a key keeps its place. */
export const deadLetterTopic = (topicName: string): string => `${topicName}${DEAD_LETTERS}`;
export const isDeadLetterTopic = (topicName: string): boolean => topicName.endsWith(DEAD_LETTERS);
const DEAD_LETTERS = '.dlq';

const homes = new Map<string, Topic>(
  allTopics.flatMap((home) => Object.keys(home.records).map((record) => [record, home] as const)),
);

/** The one topic a record stands in. Throws for a record in no topic: a bug in the catalogue. */
export function topicOf(record: RecordName): Topic {
  const home = homes.get(record);
  if (home === undefined) throw new Error(`record ${record} stands in no topic`);
  return home;
}

/** The Kafka key of a record: the value of its key field. Throws when it is not a non-empty string. */
export function keyOf(record: { readonly type: RecordName; readonly data: object }): string {
  const field = (topicOf(record.type).records as Readonly<Record<string, string>>)[record.type] ?? '';
  const key = (record.data as Readonly<Record<string, unknown>>)[field];
  if (typeof key !== 'string' || key === '') throw new Error(`${record.type}.${field} must be a non-empty string`);
  return key;
}
