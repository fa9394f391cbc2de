// Generated from schemas/avro by `npm run generate`. Do not edit.


/** Activate a published constitution. Activating an older version rolls back. */
export interface ActivateConstitution {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** Digest of the document; another one is refused. */
  readonly digest: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:activate. */
  readonly capabilities: readonly string[];
}

/** Add a turn of production as a case: a further version of the golden set. */
export interface AddGoldenCase {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as evaluations:manage. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Version that the change is for; 0 creates the golden set, null takes any version. */
  readonly expectedVersion: number | null;
  /** The document of this version, JSON. */
  readonly content: ContentName;
  /** Number of its cases. */
  readonly cases: number;
  /** The case in the golden set. */
  readonly caseId: string;
  /** Session of the turn; UUID. */
  readonly sessionId: string;
  /** The turn; UUID. */
  readonly turnId: string;
  /** Number of personal data that were taken out. */
  readonly redactions: number;
  /** The prompt of the case, without personal data. */
  readonly text: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** The answer does not fit the schema of the result. The model is shown why, and asked again. */
export interface AgentAnswerRejected {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Number of the step, from 1: one answer of the model, and the calls that it asks for. */
  readonly step: number;
  /** Number of the repair, from 1; at most 2. */
  readonly repair: number;
  /** One sentence for a person. */
  readonly detail: string;
}

/** A call that the model asks for. */
export interface AgentCall {
  /** The call; UUID: also that of the call of a tool, and of a child run. */
  readonly callId: string;
  /** Name of the call within the conversation, from the model. */
  readonly modelCallId: string;
  /** The tool, as the model named it. */
  readonly modelName: string;
  /** Name of the tool in its tenant; null for one that the run does not have. */
  readonly tool: string | null;
  /** Arguments as the model wrote them. */
  readonly arguments: string;
}

/** A call has ended; the model is shown the result. */
export interface AgentCallEnded {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Number of the step, from 1: one answer of the model, and the calls that it asks for. */
  readonly step: number;
  /** The call; UUID. */
  readonly callId: string;
  /** succeeded, failed, unknown, refused (by policy, a person or a rule of the tool) or invalid (nothing was called). */
  readonly outcome: string;
  /** Stable code; null for a success. */
  readonly code: string | null;
  /** One sentence for a person. */
  readonly detail: string;
  /** What the model is shown: the output, or {"error":{"code","detail"}}; JSON, cut at 8 KiB. */
  readonly result: string;
  /** Size of the whole result, in bytes. */
  readonly resultBytes: number;
  /** Labels of the output. */
  readonly labels: readonly string[];
  /** Tokens of a child run; 0 for a call of a tool. */
  readonly tokensConsumed: TokenUsage;
  /** Cost of the call, in the currency of the platform. */
  readonly cost: string;
}

/** The installed capsule that a run is of. */
export interface AgentCapsule {
  /** The install: <tenant>/<name>. */
  readonly installId: string;
  /** The capsule: <tenant>/<name>@<version>. */
  readonly capsuleId: string;
  /** sha256 of its canonical manifest, hex. The kill switch capsule:sha256.<digest> stops the run. */
  readonly digest: string;
  /** Price that the install pins; null in a record from before prices of runs. */
  readonly price: CapsulePrice | null;
}

/** The call of another run at which a run begins. */
export interface AgentFork {
  /** The other run; UUID. */
  readonly runId: string;
  /** Number of its call, from 1. */
  readonly step: number;
  /** State of the program at that call: base64, or the name of a content (RFC 6920). */
  readonly snapshot: string;
  /** Answer of the call in the new run, JSON; at most 32 KiB. */
  readonly answer: string;
  /** What the program had printed until then; at most 8 KiB. */
  readonly printed: string;
}

/** The provider cannot hold its answers to a schema. The model is asked again for text, which is validated. */
export interface AgentFormatDropped {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Number of the step, from 1: one answer of the model, and the calls that it asks for. */
  readonly step: number;
}

/** Limits of a run. A run that reaches one ends with its code. */
export interface AgentLimits {
  /** Most answers of the model. */
  readonly steps: number;
  /** Most tokens of its answers and prompts; null for no limit. */
  readonly tokens: number | null;
  /** Most cost, in the currency of the platform; null for no limit. */
  readonly cost: string | null;
  /** Longest time from the start to the end, in ms. */
  readonly wallMs: number;
  /** The run ends when the model asks for the same call so many times. */
  readonly identicalCalls: number;
}

/** The run that a run was handed off by. */
export interface AgentParent {
  /** The run; UUID. */
  readonly runId: string;
  /** Its call of agent.handoff. */
  readonly callId: string;
}

/** The run was cancelled. */
export interface AgentRunCancelled {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Principal, or the run that had handed off. */
  readonly cancelledBy: string;
  /** Why; one line. */
  readonly reason: string;
  /** Steps of the run so far. */
  readonly steps: number;
  /** Tokens so far of answers and child runs. */
  readonly tokens: TokenUsage;
  /** Cost so far of answers, calls and child runs, in the currency of the platform. */
  readonly cost: string;
}

/** The run has its result. */
export interface AgentRunCompleted {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** The result: the last answer, JSON of the schema where the run has one. */
  readonly output: string;
  /** Steps of the run so far. */
  readonly steps: number;
  /** Tokens so far of answers and child runs. */
  readonly tokens: TokenUsage;
  /** Cost so far of answers, calls and child runs, in the currency of the platform. */
  readonly cost: string;
  /** Labels of all that the run has seen so far. */
  readonly labels: readonly string[];
}

/** The run ended without a result. */
export interface AgentRunFailed {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Steps of the run so far. */
  readonly steps: number;
  /** Tokens so far of answers and child runs. */
  readonly tokens: TokenUsage;
  /** Cost so far of answers, calls and child runs, in the currency of the platform. */
  readonly cost: string;
  /** Labels of all that the run has seen so far. */
  readonly labels: readonly string[];
}

/** A command to a run was refused; nothing changed. */
export interface AgentRunRefused {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command; null for one that is not governed. */
  readonly decision: DecisionSummary | null;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** The run was allowed and begins. */
export interface AgentRunStarted {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Tenant of the run; for every other tenant there is none. */
  readonly tenantId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities of the run: those of the asking principal that its model and its tools need. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Name of the agent, for rules and the kill switch agent:<name>. */
  readonly agent: string;
  /** Instructions, as the first message of the model; may be empty. */
  readonly instructions: string;
  /** What the agent is to do. */
  readonly prompt: string;
  /** Python program that takes the place of the model; null for a run of a model. */
  readonly program: string | null;
  /** The call of another run at which this one begins, with another answer; null for a run from its start. */
  readonly fork: AgentFork | null;
  /** Model asked for; null takes the default. */
  readonly model: string | null;
  /** Upper bound of each answer, in tokens. */
  readonly maxTokens: number | null;
  /** Tools that the model may ask for; at most 32. */
  readonly tools: readonly AgentTool[];
  /** Limits of the run. */
  readonly limits: AgentLimits;
  /** JSON Schema of the result, JSON; null for text. */
  readonly outputSchema: string | null;
  /** The run that handed off; null for a run that a user started. */
  readonly parent: AgentParent | null;
  /** Runs above it; 0 for a run that a user started. */
  readonly depth: number;
  /** Labels of its data: declared, found by policy, or those of integrity and confidentiality of its session. */
  readonly labels: readonly string[];
  /** Time at which it ends at the latest. */
  readonly deadline: number;
  /** Time of the command. */
  readonly startedAt: number;
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** Installed capsule that it runs; null for none. */
  readonly capsule: AgentCapsule | null;
}

/** The model has answered. */
export interface AgentStepCompleted {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Number of the step, from 1: one answer of the model, and the calls that it asks for. */
  readonly step: number;
  /** The request to the model. */
  readonly requestId: string;
  /** Text of the answer; may be empty when it asks for calls. */
  readonly text: string;
  /** Calls that it asks for, in its order; at most 16. */
  readonly calls: readonly AgentCall[];
  /** Calls beyond the most of one answer, which are not made. */
  readonly callsLeftOut: number;
  /** Model that answered. */
  readonly modelId: string;
  /** Why the answer ended. */
  readonly finishReason: string;
  /** Tokens of this answer and its prompt. */
  readonly tokensConsumed: TokenUsage;
  /** Cost of this answer, in the currency of the platform. */
  readonly cost: string;
  /** At the provider, in ms. */
  readonly latencyMs: number;
  /** State of the program that waits for its call: base64, or the name of a content (RFC 6920) above 64 KiB; null for an answer of a model and for the end of a program. */
  readonly snapshot: string | null;
  /** What the rules of outputs found in the answer; null when the constitution has none. */
  readonly moderation: AnswerModeration | null;
}

/** The model may be asked. */
export interface AgentStepStarted {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Number of the step, from 1: one answer of the model, and the calls that it asks for. */
  readonly step: number;
  /** The request to the model. */
  readonly requestId: string;
  /** Labels that policy found in what the model is shown, and those of integrity and confidentiality of its session. */
  readonly labels: readonly string[];
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** A tool of a run, under the manifest of its start. */
export interface AgentTool {
  /** Name of the tool in its tenant, or agent.handoff for a built-in one. */
  readonly name: string;
  /** Name that the model knows it by: 1 to 64 letters, digits, _ and -. */
  readonly modelName: string;
  /** sha256 of the canonical manifest, hex: no call runs under another one. Empty for a built-in tool. */
  readonly digest: string;
  /** What it does, for the model. */
  readonly description: string;
  /** JSON Schema of its arguments, JSON. */
  readonly parameters: string;
  /** Most that a call may cost, in the currency of the platform. */
  readonly costMax: string;
  /** Effect of the manifest: read, write or irreversible. */
  readonly effect: string;
}

/** A series behaves otherwise than its past. Computed from records of the log alone: a replay yields the same. */
export interface AnomalyDetected {
  /** Series: <tenant>/<metric>/<subject>. Key of the topic. */
  readonly seriesId: string;
  /** Tenant of the series; for every other tenant there is none. */
  readonly tenantId: string;
  /** tokens, calls, jobs, denials, mix or hosts. */
  readonly metric: string;
  /** Model, tool or type of job; * for the whole tenant. */
  readonly subject: string;
  /** The anomaly; UUID. */
  readonly anomalyId: string;
  /** level, drift, mix, host or denials. */
  readonly rule: string;
  /** up or down; null where there is none. */
  readonly direction: string | null;
  /** Start of the window that it is of. */
  readonly windowStart: number;
  /** Length of the window, in ms. */
  readonly windowMs: number;
  /** Observed amount, in the unit of the metric; the divergence for mix. */
  readonly observed: number;
  /** Expected amount; null where there is no expectation. */
  readonly expected: number | null;
  /** How far it is off, in the unit of the threshold. */
  readonly score: number;
  /** Threshold of the settings that was passed. */
  readonly threshold: number;
  /** New host, or the tool whose share changed most; null otherwise. */
  readonly label: string | null;
  /** Records that it was computed from, the last ones first; at most 8. */
  readonly records: readonly LogRecord[];
  /** Number of records of the window. */
  readonly recordsTotal: number;
  /** Version of the settings; 0 for the defaults. */
  readonly settingsVersion: number;
  /** One sentence for a person. */
  readonly detail: string;
}

/** One version of the settings of a tenant, for readers that hold all. */
export interface AnomalySettings {
  /** <tenant>/<version>. Key of the topic. */
  readonly settingsId: string;
  /** The tenant. */
  readonly tenantId: string;
  /** Time of records from which they hold. */
  readonly effectiveFrom: number;
  /** The settings, with their version. */
  readonly settings: DetectorSettings;
  /** Why they changed. */
  readonly note: string;
}

/** A change of settings was refused; nothing changed. */
export interface AnomalySettingsRefused {
  /** The tenant. Key of the topic. */
  readonly tenantId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code: CAPABILITY_MISSING, PRECONDITION_FAILED, ANOMALY_SETTINGS_INVALID. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Last version; 0 when there is none or the asking principal may not see it. */
  readonly version: number;
}

/** The settings of a tenant have a further version. */
export interface AnomalySettingsSet {
  /** The tenant. Key of the topic. */
  readonly tenantId: string;
  /** Time of records from which they hold. */
  readonly effectiveFrom: number;
  /** The settings, with their version. */
  readonly settings: DetectorSettings;
  /** Principal that set them. */
  readonly by: string;
  /** Why they changed. */
  readonly note: string;
}

/** The answer to a call outside sessions that asked for a grant. */
export interface AnswerApprovalGrant {
  /** The call. Key of the topic. */
  readonly scopeId: string;
  /** Place of the record: that of its scope. */
  readonly place: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Grant that covers it; null when none does. */
  readonly grantId: string | null;
  /** Who gave the grant; null when none covers it. */
  readonly approver: string | null;
  /** Uses of the grant, this one included. */
  readonly uses: number;
}

/** Answer of the ledger to a command that asked for a part of the budget. Policy decides the command on it. It carries the command. */
export interface AnswerLease {
  /** Place that holds the lease, such as demo/3; key of the topic. */
  readonly place: string;
  /** Number of the question among those of its place, from 1. It keeps its number when it is asked again. */
  readonly number: number;
  /** Key of the command. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing, byte for byte as it was read. */
  readonly command: AnyRecord;
  /** Answer of the external policy engine, which came before; null when there is none. */
  readonly engine: EngineAnswer | null;
  /** Chain of the command. */
  readonly chain: CommandChain;
  /** granted: leased; refused: the budget has too little left; again: too many commands wait already, ask again. */
  readonly outcome: LeaseOutcome;
  /** Tokens that the command can use at most. */
  readonly tokens: number;
  /** Money that the command can use at most. */
  readonly cost: string;
  /** Tokens that the place is leased: those of the command, and some ahead. */
  readonly tokensGranted: number;
  /** Money that the place is leased. */
  readonly costGranted: string;
  /** Tokens that the place may keep unused; 0 while the budget is scarce. */
  readonly tokensKept: number;
  /** Money that the place may keep unused. */
  readonly costKept: string;
  /** Every window that has a limit, before this answer. */
  readonly windows: readonly BudgetStatus[];
  /** Answer of the outside classifier; null when there is none. */
  readonly classifier: ClassifierAnswer | null;
}

/** What the rules of a constitution found in an answer that was given out, and did to it. With its scores the same is decided again. */
export interface AnswerModeration {
  /** Version of the constitution in force when the answer began. */
  readonly constitutionVersion: string;
  /** sha256 of its canonical JSON, hex. */
  readonly constitutionDigest: string;
  /** One per rule, with its highest score: outcome redact replaced a part of the answer, caution shows it as it is. */
  readonly findings: readonly Finding[];
  /** Parts of the answer that were replaced by [redacted]. */
  readonly redacted: number;
  /** The outside classifier over all parts of the answer: its highest scores, its longest time; passed when a part had no answer and a setting lets it pass. Null when no rule asks for it. */
  readonly classifier: ClassifierAnswer | null;
}

/** The current state of one API key; compaction keeps the latest record. The key itself is never recorded. */
export interface ApiKey {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Tenant that it belongs to. */
  readonly tenantId: string;
  /** Counts its changes, from 1: the ETag. */
  readonly version: number;
  /** Id of the key, by which it is found. A rotation keeps it. */
  readonly prefix: string;
  /** Display name. */
  readonly name: string;
  /** Principal that acts with it: user: or service_account: and an id. */
  readonly owner: string;
  /** Capabilities of the owner that the key may use; null for all of them. */
  readonly capabilities: readonly string[] | null;
  /** Slow hash of the key: scrypt, its cost, salt and hash, base64url. */
  readonly hash: string;
  /** Hash of the secret before the last rotation; null when there is none that is still valid. */
  readonly previousHash: string | null;
  /** End of the validity of the secret before the last rotation. */
  readonly previousUntil: number | null;
  /** A revoked key is refused at every gateway. */
  readonly status: ApiKeyStatus;
  /** When it was issued. */
  readonly createdAt: number;
  /** Time of the last rotation; null before the first one. */
  readonly rotatedAt: number | null;
  /** Id of the request; equal when it is repeated. */
  readonly requestId: string;
  /** sha256 of the issuing request, hex. */
  readonly requestDigest: string;
}

/** An API key is valid from now on. */
export interface ApiKeyIssued {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The current key. */
  readonly apiKey: ApiKey;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** An API key is no longer valid. */
export interface ApiKeyRevoked {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The current key, without a hash. */
  readonly apiKey: ApiKey;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** The secret of an API key was replaced. */
export interface ApiKeyRotated {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The current key. */
  readonly apiKey: ApiKey;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** A symbol that this version does not know is read as `revoked`. */
export type ApiKeyStatus = 'active' | 'revoked';

/** A moderation rule, without its pattern. */
export interface AppliedRule {
  /** Id of the rule in the constitution. */
  readonly id: string;
  /** Reason code of a finding, such as MODERATION_WEAPONS. */
  readonly code: string;
  /** forbid: a prompt that it matches is refused; caution: it lowers the score. */
  readonly severity: string;
}

/** A principal edited the arguments; policy decides on them again. */
export interface ApprovalEdited {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** Who decided. */
  readonly principal: string;
  /** New arguments, canonical JSON. */
  readonly arguments: string;
  /** Reason; may be empty. */
  readonly reason: string;
}

/** Policy or the tool refused the edited arguments; the approval waits as it was. */
export interface ApprovalEditRefused {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** Who decided. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** No decision came so far; holders of a further capability may decide as well. */
export interface ApprovalEscalated {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** Capability that suffices from now on. */
  readonly capability: string;
}

/** No decision came in time; the call does not run. */
export interface ApprovalExpired {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** What an approval is bound to: sha256 over the digest of the tool, the arguments and the decision, hex. */
  readonly digest: string;
}

/** The call may run: enough principals have approved it, or a grant covers it. */
export interface ApprovalGranted {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** What an approval is bound to: sha256 over the digest of the tool, the arguments and the decision, hex. */
  readonly digest: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** Who approved it; of a grant, who gave the grant. */
  readonly approvers: readonly string[];
  /** Grant that covers it; null when people approved this call. */
  readonly grantId: string | null;
  /** Uses of the grant, this one included; null without one. */
  readonly uses: number | null;
}

/** The grant covers no further call. */
export interface ApprovalGrantEnded {
  /** Session whose calls it covers; outside sessions, the scope of the grants of a caller for a tool. Key of the topic. */
  readonly scopeId: string;
  /** The grant; UUID. */
  readonly grantId: string;
  /** Why: GRANT_REVOKED, GRANT_EXPIRED, GRANT_USED_UP, GRANT_VOID by a kill switch or another manifest, GRANTS_FULL when the caller has too many outside sessions. */
  readonly code: string;
  /** Who revoked it; null otherwise. */
  readonly principal: string | null;
}

/** Like calls of the session, or of the caller outside sessions, run without a further approval, within bounds. */
export interface ApprovalGrantGiven {
  /** Session whose calls it covers; outside sessions, the scope of the grants of a caller for a tool. Key of the topic. */
  readonly scopeId: string;
  /** The grant; UUID. */
  readonly grantId: string;
  /** Tenant of the grant; for every other tenant there is none. */
  readonly tenantId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly toolDigest: string;
  /** Who decided. */
  readonly principal: string;
  /** Whose calls it covers. */
  readonly initiator: string;
  /** sha256 of the arguments that it covers, hex; null where a shape says it. */
  readonly argumentsDigest: string | null;
  /** Subset of JSON Schema that the arguments must fit, JSON; null for one digest. */
  readonly shape: string | null;
  /** Capabilities that the approval asked for; a call that asks for another one waits. */
  readonly capabilities: readonly string[];
  /** Labels of the approved call; a call with a further one waits. */
  readonly labels: readonly string[];
  /** Calls that it covers. */
  readonly usesMax: number;
  /** Time at which it was given. */
  readonly since: number;
  /** Time at which it ends. */
  readonly until: number;
  /** True for calls of the initiator outside sessions; false for those of one session. */
  readonly outsideSessions: boolean;
}

/** A call outside sessions needs an approval; first it is asked whether a grant covers it. */
export interface ApprovalGrantSought {
  /** The call itself. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** The call as it is held. */
  readonly call: ToolCallHeld;
  /** Time at which people are asked without an answer. */
  readonly until: number;
}

/** A grant covers one call more. The call runs, unless it has gone to people meanwhile. */
export interface ApprovalGrantUsed {
  /** Scope of the grants of a caller for a tool outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The grant; UUID. */
  readonly grantId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Uses of the grant, this one included. */
  readonly uses: number;
}

/** A decision on an approval or a grant was refused; nothing changed. */
export interface ApprovalRefused {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval or the grant; UUID. */
  readonly subjectId: string;
  /** Who decided. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision of policy on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** The call does not run. */
export interface ApprovalRejected {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** What an approval is bound to: sha256 over the digest of the tool, the arguments and the decision, hex. */
  readonly digest: string;
  /** Who decided. */
  readonly principal: string;
  /** Stable code: APPROVAL_REJECTED, or APPROVALS_FULL when the session has too many that wait. */
  readonly code: string;
  /** Reason; may be empty. */
  readonly reason: string;
}

/** A call waits for people: they approve, reject or edit exactly what this record shows. */
export interface ApprovalRequested {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Tenant of the approval; for every other tenant there is none. */
  readonly tenantId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly toolDigest: string;
  /** Who asked for the call: never one of the approvers. */
  readonly principal: string;
  /** Session of the token that asked; null outside sessions. */
  readonly sessionId: string | null;
  /** What the call does outside: read, write or irreversible. */
  readonly effect: string;
  /** Arguments, canonical JSON. */
  readonly arguments: string;
  /** Reserved cost, in the currency of the platform. */
  readonly costMax: string;
  /** Labels of the call, its session included. */
  readonly labels: readonly string[];
  /** Labels that the rules saw, and where each came from. */
  readonly flow: readonly LabelSource[];
  /** The decision that allowed the call under this approval. */
  readonly decision: DecisionSummary;
  /** Approvals that it needs. */
  readonly requirement: ApprovalRequirement;
  /** What an approval is bound to: sha256 over the digest of the tool, the arguments and the decision, hex. */
  readonly digest: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** Who edited the arguments; null for those of the caller. */
  readonly editor: string | null;
  /** Time at which it expires. */
  readonly expiresAt: number;
  /** Time at which it escalates; null without an escalation. */
  readonly escalatesAt: number | null;
}

/** Approvals of people that an allowed call needs before it runs. */
export interface ApprovalRequirement {
  /** Rules of the constitution that ask for it, and manifest where the manifest of the tool does. */
  readonly rules: readonly string[];
  /** Number of principals that must approve, from 1. */
  readonly required: number;
  /** Capabilities that each of them must have besides approval:decide. */
  readonly capabilities: readonly string[];
  /** Time from the request to its expiry, in ms. */
  readonly expiresMs: number;
  /** Time from the request to its escalation, in ms; null without one. */
  readonly escalateAfterMs: number | null;
  /** Capability that suffices after the escalation; null without one. */
  readonly escalateCapability: string | null;
}

/** A principal approved the call. */
export interface ApprovalVoted {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** What an approval is bound to: sha256 over the digest of the tool, the arguments and the decision, hex. */
  readonly digest: string;
  /** Who decided. */
  readonly principal: string;
  /** Reason; may be empty. */
  readonly reason: string;
  /** Approvals so far, this one included. */
  readonly given: number;
  /** Approvals that it needs. */
  readonly required: number;
}

/** The webhook has received that an approver must look at a call, or it could not be reached. */
export interface ApproverNotified {
  /** The approval; UUID. Key of the topic. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** Id of the message: the same for every attempt and every repeat of it. */
  readonly deliveryId: string;
  /** delivered or failed. */
  readonly outcome: string;
  /** Runs until then. */
  readonly attempts: number;
  /** Stable code of a failure; null otherwise. */
  readonly code: string | null;
}

/** A request of a run to its language model. */
export interface AskAgentModel {
  /** The request; <run_id>/<step>, and /text behind it when the answer has no form. Key of the topic. */
  readonly callId: string;
  /** The run; UUID. */
  readonly runId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as agents:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Name of the agent. */
  readonly agent: string;
  /** Number of the step, from 1: one answer of the model, and the calls that it asks for. */
  readonly step: number;
  /** Model asked for; null takes the default. */
  readonly model: string | null;
  /** All that the model is shown, oldest first. */
  readonly messages: readonly ChatMessage[];
  /** Tools that it is offered, by the names of the tenant. */
  readonly tools: readonly string[];
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens: number | null;
  /** Form of the answer; null for text. */
  readonly responseFormat: ResponseFormat | null;
  /** Labels of all that the run has seen so far. */
  readonly labels: readonly string[];
  /** Installed capsule that it runs; null for none. */
  readonly capsule: AgentCapsule | null;
}

/** A governed command that our own rules allow, with the texts that the outside classifier sees. It carries the command. */
export interface AskClassifier {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing. */
  readonly command: AnyRecord;
  /** Texts of the command, cut at the limit of the constitution. They leave the platform. */
  readonly texts: readonly string[];
  /** Version of the constitution that allows it. */
  readonly constitutionVersion: string;
  /** sha256 of its canonical JSON, hex. */
  readonly constitutionDigest: string;
}

/** A request for embeddings by the handler of a job. */
export interface AskJobEmbedding {
  /** The request; <job_id>/<path>/<name>/<nth>. Key of the topic. */
  readonly callId: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Model asked for. */
  readonly model: string | null;
  /** Texts. */
  readonly input: readonly string[];
  /** Branch of the handler that asks, such as left/2; empty for the handler itself. */
  readonly path: string;
  /** Name of the step or wait, as the handler gives it. */
  readonly name: string;
  /** Use of this name in this branch, from 1. */
  readonly nth: number;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** A request to a language model by the handler of a job. */
export interface AskJobModel {
  /** The request; <job_id>/<path>/<name>/<nth>. Key of the topic. */
  readonly callId: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Model asked for. */
  readonly model: string | null;
  /** The prompt. */
  readonly prompt: string;
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens: number | null;
  /** Branch of the handler that asks, such as left/2; empty for the handler itself. */
  readonly path: string;
  /** Name of the step or wait, as the handler gives it. */
  readonly name: string;
  /** Use of this name in this branch, from 1. */
  readonly nth: number;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Messages before the prompt, oldest first. */
  readonly earlier: readonly ChatMessage[];
  /** How the answer is to be sampled; null for the usual of programs. */
  readonly sampling: Sampling | null;
}

/** A command is allowed but for the budget, and its place holds too little of it. Asks the ledger of the tenant for the amount, and returns what the place held unused. It carries the command. */
export interface AskLease {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** Number of the question among those of its place, from 1. It keeps its number when it is asked again. */
  readonly number: number;
  /** Key of the command. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing, byte for byte as it was read. */
  readonly command: AnyRecord;
  /** Answer of the external policy engine, which came before; null when there is none. */
  readonly engine: EngineAnswer | null;
  /** Tokens that the command can use at most. */
  readonly tokens: number;
  /** Money that the command can use at most. */
  readonly cost: string;
  /** Unused tokens that the place returns. */
  readonly tokensReturned: number;
  /** Unused money that the place returns. */
  readonly costReturned: string;
  /** Answer of the outside classifier; null when there is none. */
  readonly classifier: ClassifierAnswer | null;
}

/** The unused lease of a place runs low. No command waits for the answer. */
export interface AskLeaseAhead {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** Tokens that the latest command of the place could use at most: the unit of the answer. */
  readonly tokens: number;
  /** Money that it could use at most. */
  readonly cost: string;
}

/** A governed command that our own rules allow, with the facts that the external policy engine sees. It carries the command. */
export interface AskPolicyEngine {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing. It does not leave the platform. */
  readonly command: AnyRecord;
  /** Asking principal. */
  readonly principal: string;
  /** Name of the command's record. */
  readonly action: string;
  /** Type of the resource that the command acts on, such as Model or Tool. */
  readonly resourceType: string;
  /** Name of the resource; `default` when none was named. */
  readonly resourceId: string;
  /** Persona; empty outside of sessions. */
  readonly persona: string;
  /** Length of the text, in UTF-16 units. */
  readonly promptChars: number;
  /** Longest answer asked for, in tokens; 0 when none was. */
  readonly maxTokens: number;
  /** Calls that the command makes at most; 0 where it is not estimated in calls. */
  readonly calls: number;
  /** Capabilities of the credential. */
  readonly capabilities: readonly string[];
  /** Codes of the moderation findings. */
  readonly moderation: readonly string[];
  /** Labels of the command: what its caller declared, and what the constitution found in its text. */
  readonly labels: readonly string[];
  /** Labels of the commands that were let into the session before; empty where the constitution asks for no history. */
  readonly sessionLabels: readonly string[];
  /** Version of the constitution that allows it. */
  readonly constitutionVersion: string;
  /** sha256 of its canonical JSON, hex. */
  readonly constitutionDigest: string;
  /** Answer of the outside classifier; null when there is none. */
  readonly classifier: ClassifierAnswer | null;
}

/** A turn that our own rules allow, as a question for memories. It carries the command. */
export interface AskRecall {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing. */
  readonly command: AnyRecord;
  /** Text that the memories are compared with: the prompt. */
  readonly query: string;
  /** Spaces that are recalled from. */
  readonly spaces: readonly string[];
  /** Most memories. */
  readonly k: number;
  /** Only what was remembered, and true, by this time: that of the command where it names none. */
  readonly asOf: number;
}

/** Add a statement to a capsule. */
export interface AttestCapsule {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as capsules:publish. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** A Sigstore bundle, JSON. */
  readonly bundle: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** One record per event of the other topics: what happened, its place in the log, and a digest of its bytes. */
export interface AuditRecorded {
  /** Key of the event; key of this topic. */
  readonly subjectId: string;
  /** ce_id of the event. */
  readonly eventId: string;
  /** ce_type of the event. */
  readonly eventType: string;
  /** Topic of the event. */
  readonly topic: string;
  /** Partition of the event. */
  readonly partition: number;
  /** Offset of the event. */
  readonly offset: number;
  /** Tenant of the event. */
  readonly tenantId: string;
  /** First record of the chain. */
  readonly correlationId: string;
  /** Record that caused the event. */
  readonly causationId: string;
  /** ce_time of the event. */
  readonly at: number;
  /** sha256 of the event's value in the log, hex. */
  readonly valueSha256: string;
  /** One line for a person. */
  readonly summary: string;
}

/** Make the runs of past due times. */
export interface BackfillSchedule {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as schedules:control. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Earliest due time. */
  readonly from: number;
  /** Time before which all due times are. */
  readonly until: number;
  /** buffer_all: one after another. allow_all: at once. */
  readonly overlap: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** The run that others are compared with. */
export interface Baseline {
  /** The run: its job; UUID. */
  readonly runId: string;
  /** The result of the run, JSON. */
  readonly result: ContentName;
  /** Digest of the golden set of the run. */
  readonly setDigest: string;
  /** Who set it. */
  readonly principal: string;
  /** Time at which it was set. */
  readonly setAt: number;
}

/** Runs are compared with this one from now on. */
export interface BaselineSet {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** The run: its job; UUID. */
  readonly runId: string;
  /** The result of the run, JSON. */
  readonly result: ContentName;
  /** Digest of the golden set of the run. */
  readonly setDigest: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Time at which it was set. */
  readonly setAt: number;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The upper bound of what a request uses, and the budgets that it is held against. */
export interface BudgetClaim {
  /** Tokens that the request can use at most, of prompt and answer together. */
  readonly tokens: number;
  /** Money that the request can use at most. */
  readonly cost: string;
  /** Requests of the place that have not ended, or wait for an answer of the ledger. */
  readonly openRequests: number;
  /** Windows that it is held against: those of sessions alone for a request that the lease of its place covers, else every window that has a limit. */
  readonly windows: readonly BudgetStatus[];
  /** Lease of the place that covers the request; null where the ledger of the tenant answered, or a window alone refuses it. */
  readonly lease: BudgetLease | null;
}

/** Unused lease of a place when a request was decided. */
export interface BudgetLease {
  /** Tokens that the place held unused, before this request. */
  readonly tokens: number;
  /** Money that the place held unused. */
  readonly cost: string;
}

/** The limit of use within one window. Reserved before a model is asked, settled by the metered use. */
export interface BudgetLimit {
  /** session: each session; day: the tenant on each day of UTC; total: the tenant since its creation; unknown: a window that this reader does not know, held against the total; credit: the prepaid credit of the tenant, which no setting limits. */
  readonly window: BudgetWindow;
  /** Tokens of prompts and answers together; null sets no limit. */
  readonly tokensMax: number | null;
  /** Money, in the currency of the platform; null sets no limit. */
  readonly costMax: string | null;
}

/** A symbol that this version does not know is read as `used`. */
export type BudgetOutcome = 'used' | 'unused';

/** An allowed request holds this amount of the lease of its place until it ends. Written in the transaction of the decision. */
export interface BudgetReserved {
  /** Place that holds the lease, such as demo/3; key of the topic. */
  readonly place: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** Tokens that the request can use at most. */
  readonly tokens: number;
  /** Money that the request can use at most. */
  readonly cost: string;
  /** Released then if the request has not ended: later than any request lives. */
  readonly expiresAt: number;
  /** True when the use draws on the prepaid credit of the tenant. The cost is then the most that it is charged, by the prices. */
  readonly prepaid: boolean;
}

/** A request has ended: its reservation is released. Also written, as unused, when a reservation expires. The ledger of the tenant spends what was used. */
export interface BudgetSettled {
  /** Place that holds the lease, such as demo/3; key of the topic. */
  readonly place: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** used: a model was asked; unused: the request used nothing. */
  readonly outcome: BudgetOutcome;
  /** Tokens used. */
  readonly tokens: number;
  /** Money used. */
  readonly cost: string;
  /** Tokens released from the reservation; 0 when nothing was held. */
  readonly tokensReserved: number;
  /** Money released from the reservation. */
  readonly costReserved: string;
  /** Tokens by which the lease of the place shrinks: what was used of the reservation, and what the place returns. */
  readonly tokensReleased: number;
  /** Money by which the lease of the place shrinks. */
  readonly costReleased: string;
  /** Part of the cost that is drawn from the prepaid credit; never more than was reserved. Null for a request that drew on none. */
  readonly costDrawn: string | null;
}

/** What a refused request needed, and what the budget that refused it had left. */
export interface BudgetShortfall {
  /** The window that refuses it; of several, the one that would admit it last. */
  readonly window: BudgetWindow;
  /** Tokens that the request can use at most, of prompt and answer together. */
  readonly tokensNeeded: number;
  /** Money that the request can use at most. */
  readonly costNeeded: string;
  /** Tokens neither spent nor leased; null without a limit. The whole limit when the request is larger than that. */
  readonly tokensLeft: number | null;
  /** Money neither spent nor leased; null without a limit. The whole limit when the request is larger than that. */
  readonly costLeft: string | null;
  /** When the next window begins, of a spent window; null when it never does, and for any other cause. */
  readonly resetsAt: number | null;
  /** too_large: the request is larger than the limit; held: it fits as soon as open requests have ended; spent: it fits when the window begins again, or never. */
  readonly cause: ShortfallCause;
}

/** Use of one budget window when a request was decided: enough to decide it again. */
export interface BudgetStatus {
  /** The window. */
  readonly window: BudgetWindow;
  /** Its limit; null for none. */
  readonly tokensMax: number | null;
  /** Spent and leased before this request; 0 where the ledger was not asked. */
  readonly tokensTaken: number;
  /** Its limit; null for none. */
  readonly costMax: string | null;
  /** Spent and leased before this request; 0 where the ledger was not asked. */
  readonly costTaken: string;
  /** The leased part of tokens_taken: it returns when open requests end. */
  readonly tokensLeased: number;
  /** The leased part of cost_taken. */
  readonly costLeased: string;
  /** When the next window begins; null for a window that never ends, and where the ledger was not asked. */
  readonly resetsAt: number | null;
}

/** A symbol that this version does not know is read as `unknown`. */
export type BudgetWindow = 'session' | 'day' | 'total' | 'unknown' | 'credit';

/** Call a tool once, compare it with its server, or ask a server for what it offers. */
export interface CallTool {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as tool:admin. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Manifest that the caller chose, by its sha256: a call never runs under another one. */
  readonly digest: string;
  /** Arguments, JSON. */
  readonly arguments: string;
  /** Most that the call may cost, in the currency of the platform. */
  readonly costMax: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Run of an agent, or job, that asked for the call; null for any other caller. */
  readonly runId: string | null;
  /** Effect of the manifest that the caller chose: read, write or irreversible. */
  readonly effect: string;
  /** Purpose: call; check, which compares a tool with its server; connect, which asks a server for what it offers. */
  readonly purpose: string;
  /** Capsule of the run that asked: <tenant>/<name>@<version>; null for any other caller. */
  readonly capsuleId: string | null;
}

/** Cancel a run. Not governed: it only ends work. */
export interface CancelAgentRun {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Why; one line. */
  readonly reason: string;
}

/** Cancel a child of a run that has ended. */
export interface CancelChildAgentRun {
  /** The child run; UUID. Key of the topic. */
  readonly runId: string;
  /** The run that has ended. */
  readonly parentId: string;
  /** Why; one line. */
  readonly reason: string;
}

/** End a child, as the job that waits for it has ended. */
export interface CancelChildJob {
  /** The child; UUID. Key of the topic. */
  readonly jobId: string;
  /** The job that waited for it; UUID. */
  readonly parentId: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** End a job and its children. A job that has ended is not changed. */
export interface CancelJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** End a job, as the next run of its schedule takes its place. */
export interface CancelScheduledJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** The schedule that started it, `<tenant>/<name>`. */
  readonly scheduleId: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** Cancel a request whose answer is no longer needed. It acts as soon as it is read; the request then fails with WORK_CANCELLED. A request that has ended is not changed. */
export interface CancelSlmRequest {
  /** Session or inference request that asked; key of the topic, so that it follows the request. */
  readonly subjectId: string;
  /** Processor that asked: a writer of slm.requests. */
  readonly origin: string;
  /** The request to cancel; the turn's id for a turn. */
  readonly requestId: string;
  /** Why, as a stable code such as TURN_TIMEOUT. */
  readonly reason: string;
}

/** End the running turn of a session, because its caller no longer waits for the answer. What its model has used until then is metered. A turn that waits or has ended is not changed. */
export interface CancelTurn {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn to end. */
  readonly turnId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Why, as a stable code such as CLIENT_GONE. */
  readonly reason: string;
}

/** The current state of a capsule. */
export interface Capsule {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Tenant that published it. */
  readonly tenantId: string;
  /** submitted, listed, rejected, yanked or revoked. */
  readonly status: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** The manifest as canonical JSON (RFC 8785). */
  readonly manifest: string;
  /** Capabilities that it asks for. */
  readonly asks: readonly string[];
  /** Price of the capsule. */
  readonly price: CapsulePrice;
  /** Approvals that it needs. */
  readonly required: number;
  /** Reviews so far. */
  readonly reviews: readonly CapsuleReview[];
  /** Who published it. */
  readonly principal: string;
  /** Time of the latest change. */
  readonly changedAt: number;
  /** Place of the capsule; null where the log does not say it. */
  readonly place: string | null;
}

/** A statement about the capsule was verified and added. */
export interface CapsuleAttested {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Kind of the statement: a URI. */
  readonly predicateType: string;
  /** The Sigstore bundle, JSON. */
  readonly bundle: string;
  /** Who added it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The current state of an install. */
export interface CapsuleInstall {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Tenant of the install; for every other tenant there is none. */
  readonly tenantId: string;
  /** installed or uninstalled. */
  readonly status: string;
  /** What runs: the version by its digest, and what it may use. */
  readonly pin: CapsulePin;
  /** What it ran before, the latest last; at most 10. */
  readonly earlier: readonly CapsulePin[];
  /** The latest check of an upgrade from what it runs; null without one. */
  readonly check: UpgradeCheck | null;
  /** Who changed it last. */
  readonly principal: string;
  /** Time of the latest change. */
  readonly changedAt: number;
  /** Place of the install; null where the log does not say it. */
  readonly place: string | null;
}

/** A tenant installed a capsule, by its digest. */
export interface CapsuleInstalled {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Tenant of the install; for every other tenant there is none. */
  readonly tenantId: string;
  /** What runs: the version by its digest, and what it may use. */
  readonly pin: CapsulePin;
  /** Who installed it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** A command to an install was refused; nothing changed. */
export interface CapsuleInstallRefused {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** Tenants can install the capsule. */
export interface CapsuleListed {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Tenant that published it. */
  readonly tenantId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** The manifest as canonical JSON (RFC 8785). */
  readonly manifest: string;
  /** Price of the capsule. */
  readonly price: CapsulePrice;
  /** Who published it. */
  readonly principal: string;
}

/** A version of a capsule that an install runs. */
export interface CapsulePin {
  /** The capsule: <tenant>/<name>@<version>. */
  readonly capsuleId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Tenant that published it. */
  readonly publisher: string;
  /** Capabilities that runs may use: some of those that the capsule asks for. */
  readonly granted: readonly string[];
  /** Capabilities that the capsule asks for. */
  readonly asks: readonly string[];
  /** Price of the capsule. */
  readonly price: CapsulePrice;
}

/** Price of a capsule. */
export interface CapsulePrice {
  /** Amount for each install or run; 0 for none. */
  readonly amount: string;
  /** Currency, ISO 4217, such as EUR. */
  readonly currency: string;
  /** Unit of the price: install or run. */
  readonly meter: string;
}

/** A command to a capsule was refused; nothing changed. */
export interface CapsuleRefused {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** A decision of a principal about a capsule. */
export interface CapsuleReview {
  /** Who reviewed it. */
  readonly principal: string;
  /** approve or reject. */
  readonly outcome: string;
}

/** A principal other than the publisher approved or rejected the capsule. */
export interface CapsuleReviewed {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** approve or reject. */
  readonly outcome: string;
  /** Findings. */
  readonly note: string;
  /** Principals that approved it so far. */
  readonly approvals: number;
  /** Approvals that it needs. */
  readonly required: number;
  /** submitted, listed or rejected. */
  readonly status: string;
  /** Who reviewed it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The capsule is stopped by its digest, in every install. */
export interface CapsuleRevoked {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Tenant that published it. */
  readonly tenantId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Who revoked it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** An install runs what it ran before. */
export interface CapsuleRolledBack {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Tenant of the install; for every other tenant there is none. */
  readonly tenantId: string;
  /** What runs: the version by its digest, and what it may use. */
  readonly pin: CapsulePin;
  /** sha256 of the manifest that it leaves, hex. */
  readonly fromDigest: string;
  /** Who rolled it back. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** A version of a capsule passed the checks and waits for its reviews. */
export interface CapsuleSubmitted {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Tenant that published it. */
  readonly tenantId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** The manifest as canonical JSON (RFC 8785). */
  readonly manifest: string;
  /** The signed manifest: a DSSE envelope, JSON. */
  readonly envelope: string;
  /** Statements about the capsule: Sigstore bundles, JSON; at most 8. */
  readonly attestations: readonly string[];
  /** Capabilities that it asks for. */
  readonly asks: readonly string[];
  /** Price of the capsule. */
  readonly price: CapsulePrice;
  /** Checks that it passed, such as signature. */
  readonly checks: readonly string[];
  /** Approvals that it needs. */
  readonly required: number;
  /** Who published it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** An install was removed. */
export interface CapsuleUninstalled {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Tenant of the install; for every other tenant there is none. */
  readonly tenantId: string;
  /** sha256 of the manifest that it ran, hex. */
  readonly digest: string;
  /** Who removed it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The upgrade of an install was checked before it is made. */
export interface CapsuleUpgradeChecked {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Tenant of the install; for every other tenant there is none. */
  readonly tenantId: string;
  /** The check. It holds until the install runs another version. */
  readonly check: UpgradeCheck;
}

/** An install has another version. */
export interface CapsuleUpgraded {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Tenant of the install; for every other tenant there is none. */
  readonly tenantId: string;
  /** What runs: the version by its digest, and what it may use. */
  readonly pin: CapsulePin;
  /** sha256 of the manifest before, hex. */
  readonly fromDigest: string;
  /** The check that allowed it; null in a record from before checks. */
  readonly checkId: string | null;
  /** Who upgraded it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The capsule is off the list; installs of it go on. */
export interface CapsuleYanked {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Tenant that published it. */
  readonly tenantId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Who yanked it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The score of one category of the outside classifier. */
export interface CategoryScore {
  /** Name of the category, as the classifier gives it. */
  readonly category: string;
  /** From 0 to 1. */
  readonly score: number;
}

/** Change what is shown of a session: its metadata, items of its conversation, or what is hidden. */
export interface ChangeSession {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as slm:invoke:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** metadata: new metadata; items: more items of its conversation; hidden: the read model no longer shows something. The log keeps it. */
  readonly change: string;
  /** Id of the item or turn that is hidden; null for the whole conversation, and for any other change. */
  readonly contentId: string | null;
  /** The metadata as a JSON object, or the items with their ids as a JSON array; null when something is hidden. */
  readonly value: string | null;
}

/** The charge takes no further reports and corrections; its state is dropped. */
export interface ChargeClosed {
  /** The charge: the request, the call of a tool, or the step of a job, <job>/<branch>/<name>/<nth>. Key of the topic. */
  readonly chargeId: string;
}

/** One message of the prompt. */
export interface ChatMessage {
  /** Author of the message; unknown: a role that this reader does not know, which no model is shown. */
  readonly role: ChatRole;
  /** The text; empty for an assistant message that only asks for tools. The result of a call for role tool. */
  readonly content: string;
  /** Calls of tools that an assistant message asks for. */
  readonly toolCalls: readonly ModelToolCall[];
  /** The call that a message of role tool answers; null for any other role. */
  readonly toolCallId: string | null;
}

/** A symbol that this version does not know is read as `unknown`. */
export type ChatRole = 'system' | 'user' | 'assistant' | 'unknown' | 'tool';

/** The answer of the outside classifier: an input of the decision, so that the decision can be made again without asking. */
export interface ClassifierAnswer {
  /** unasked: our own rules denied before; unavailable: no answer, and the command is denied; passed: no answer, and a setting lets the command pass with the label unmoderated; invalid: an answer that is not understood, which denies. */
  readonly outcome: ClassifierOutcome;
  /** Scores by category, at most 64, in the order of their names: the highest over the texts of the command. */
  readonly scores: readonly CategoryScore[];
  /** Model that the classifier names; empty when it named none. */
  readonly model: string;
  /** Cause of a missing answer, for a person; empty when it answered. */
  readonly detail: string;
  /** Time of the last request; 0 when none was made. */
  readonly latencyMs: number;
}

/** The outside classifier answered a command, or gave no answer. Policy decides on it. It carries the command. */
export interface ClassifierAnswered {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing. */
  readonly command: AnyRecord;
  /** The answer. */
  readonly answer: ClassifierAnswer;
}

/** A symbol that this version does not know is read as `invalid`. */
export type ClassifierOutcome = 'unasked' | 'answered' | 'unavailable' | 'passed' | 'invalid';

/** The chain of records that a command began, as the envelope of its records has it. A record that answers a command later continues this chain, not that of its cause. */
export interface CommandChain {
  /** Id of the first record of the chain; UUID. */
  readonly correlationId: string;
  /** W3C Trace Context of the question. */
  readonly traceparent: string;
  /** Digest of the HTTP request that began the chain, sha256 in hex; null when none did. */
  readonly requestDigest: string | null;
  /** Time of the command. */
  readonly time: number;
}

/** This version decides from now on. */
export interface ConstitutionActivated {
  /** Always "active"; key of the topic. */
  readonly slot: string;
  /** Version that becomes active. */
  readonly version: string;
  /** Its digest. */
  readonly digest: string;
  /** Principal that activated it; null when the set-up did. */
  readonly activatedBy: string | null;
}

/** A valid constitution whose own tests pass was proposed. Proposing it again voids earlier reviews and signatures. */
export interface ConstitutionProposed {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** sha256 of the canonical JSON (RFC 8785) of the document, hex. */
  readonly digest: string;
  /** The document, canonical JSON (RFC 8785): what is reviewed and signed. */
  readonly document: string;
  /** Principal that proposed it. */
  readonly proposedBy: string;
}

/** A signed constitution. Versions never change once published. */
export interface ConstitutionPublished {
  /** Version; key of the topic. */
  readonly version: string;
  /** sha256 of the canonical JSON (RFC 8785) of the document, hex. */
  readonly digest: string;
  /** DSSE envelope, JSON; payload type application/vnd.khipu.constitution+json. */
  readonly envelope: string;
}

/** A step in the life of a constitution was refused; nothing changed. */
export interface ConstitutionRefused {
  /** Version of the request, or "shadow"; key of the topic. */
  readonly subject: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code, such as CONSTITUTION_TESTS_FAILED or SIGNATURE_INVALID. */
  readonly code: string;
  /** The cause, for a person. */
  readonly detail: string;
}

/** A reviewer approved or rejected a proposed constitution. The latest verdict of a reviewer counts. */
export interface ConstitutionReviewed {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** sha256 of the canonical JSON (RFC 8785) of the document, hex. */
  readonly digest: string;
  /** approve counts towards publication, reject ends the proposal. */
  readonly verdict: ReviewVerdict;
  /** Principal that reviewed it. */
  readonly reviewer: string;
  /** Comment of the reviewer; may be empty. */
  readonly comment: string;
}

/** This version is evaluated beside the active one from now on, without effect; or none is. */
export interface ConstitutionShadowed {
  /** Always "shadow"; key of the topic. */
  readonly slot: string;
  /** Version of the shadow; null when there is none. */
  readonly version: string | null;
  /** Its digest. */
  readonly digest: string | null;
  /** Principal that chose it. */
  readonly shadowedBy: string;
}

/** One trusted key has signed a constitution. */
export interface ConstitutionSigned {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** sha256 of the canonical JSON (RFC 8785) of the document, hex. */
  readonly digest: string;
  /** Key that signed. */
  readonly keyId: string;
  /** Ed25519 over the pre-authentication encoding (DSSE v1) of the canonical document, base64. */
  readonly signature: string;
  /** Principal that submitted it. */
  readonly submittedBy: string;
}

/** Name of a content on the log. */
export interface ContentName {
  /** sha256 of the whole, hex. */
  readonly digest: string;
  /** Its bytes. */
  readonly bytes: number;
  /** Number of its pieces. */
  readonly pieces: number;
}

/** A text that a rule of the constitution refused after it was made: the answer of a model, or the output of a tool. It does not contain the text. */
export interface ContentRefusal {
  /** Version of the constitution in force when the text was checked. */
  readonly constitutionVersion: string;
  /** sha256 of its canonical JSON, hex. */
  readonly constitutionDigest: string;
  /** The rule that refused it. */
  readonly finding: Finding;
  /** Length of the beginning of the text that was shown, in UTF-16 code units; 0 for the output of a tool. */
  readonly chars: number;
  /** Tokens that the model had used; null for the output of a tool. */
  readonly tokensConsumed: TokenUsage | null;
}

/** The conversation of an allowed session begins; turns may follow. First event of the session. */
export interface ConversationOpened {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Position in the session's conversation, dense, from 1. */
  readonly sequence: number;
  /** Persona that answers. */
  readonly persona: string;
  /** Model of the session; null takes the default. */
  readonly model: string | null;
  /** Who asked for the session: service account, API key or user id. */
  readonly principal: string;
  /** Decision that allowed the session. */
  readonly decisionId: string;
}

/** Correct the use of a charge, or reverse it whole. */
export interface CorrectCharge {
  /** The charge. Key of the topic. */
  readonly chargeId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force. */
  readonly capabilities: readonly string[];
  /** Tenant that pays. */
  readonly tenantId: string;
  /** True to reverse the charge whole; the amounts are then not read. */
  readonly reverses: boolean;
  /** Tokens of prompts that were used; null keeps the number. */
  readonly promptTokens: number | null;
  /** Tokens of answers that were used; null keeps the number. */
  readonly completionTokens: number | null;
  /** Calls or steps; null keeps the number. */
  readonly calls: number | null;
  /** Cost of use without a price; null keeps it. */
  readonly cost: string | null;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** A correction was refused; nothing changed. */
export interface CorrectionRefused {
  /** The charge: the request, the call of a tool, or the step of a job, <job>/<branch>/<name>/<nth>. Key of the topic. */
  readonly chargeId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code: CAPABILITY_MISSING or CHARGE_UNKNOWN. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** Create a file whose pieces are on the log. */
export interface CreateFile {
  /** The file; UUID. Key of the topic. */
  readonly fileId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as files:create. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Name that the file was given. */
  readonly filename: string;
  /** What it is for: batch, user_data, or batch_output. */
  readonly purpose: string;
  /** Size of the content. */
  readonly bytes: number;
  /** sha256 of the content, hex. Its pieces have it. */
  readonly digest: string;
  /** Number of pieces of the content; 0 for an empty one. */
  readonly pieces: number;
  /** Lines that are not blank; null for a content that is not NDJSON. */
  readonly lines: number | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** The fields of a command's session token that revocations look at. */
export interface Credential {
  /** Session of the token. */
  readonly sessionId: string;
  /** When it was issued, in whole seconds. */
  readonly issuedAt: number;
}

/** A top-up was refused; nothing changed. */
export interface CreditRefused {
  /** Tenant whose credit was to grow. Key of the topic. */
  readonly tenantId: string;
  /** The top-up. */
  readonly topUpId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code: CAPABILITY_MISSING or CREDIT_INVALID. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** The prepaid credit of a tenant grew. */
export interface CreditToppedUp {
  /** Tenant whose credit grew. Key of the topic. */
  readonly tenantId: string;
  /** The top-up. */
  readonly topUpId: string;
  /** Amount that was added. */
  readonly amount: string;
  /** Sum of all top-ups of the tenant, this one included. */
  readonly total: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Principal that added it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** A dead letter without the value of its record. */
export interface DeadLetterShown {
  /** Topic, partition and offset, with slashes between them. */
  readonly name: string;
  /** Topic of the original record. */
  readonly topic: string;
  /** Partition of the original record. */
  readonly partition: number;
  /** Offset of the original record; -1 when it is unknown. */
  readonly offset: number;
  /** Key of the original record; null without one. */
  readonly recordKey: string | null;
  /** Reader that wrote the letter. */
  readonly processor: string;
  /** Stable code of the latest failure. */
  readonly code: string;
  /** Its message, at most 500 characters. */
  readonly message: string;
  /** Number of attempts. */
  readonly attempt: number;
  /** Time at which the letter was written. */
  readonly at: number;
  /** Position in the queue of its parked key, from 1; null for a reader that does not park keys. */
  readonly parked: number | null;
  /** redriven, dropped or failed; null for an untouched letter. */
  readonly outcome: string | null;
  /** Who acted on it last. */
  readonly settledBy: string | null;
  /** Time of that. */
  readonly settledAt: number | null;
}

/** Answer to ReadDeadLetters. */
export interface DeadLettersRead {
  /** The request; UUID. Key of the topic. */
  readonly requestId: string;
  /** The letters, the newest first. */
  readonly letters: readonly DeadLetterShown[];
}

/** Dead letters were redriven or dropped. */
export interface DeadLettersSettled {
  /** The request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Asking principal. */
  readonly principal: string;
  /** redrive or drop. */
  readonly verb: string;
  /** Names of the letters that are settled now. */
  readonly settled: readonly string[];
  /** Names of letters of parked keys that are still open. */
  readonly parked: readonly string[];
}

/** Decide on a call that waits: approve it, reject it, or edit its arguments. */
export interface DecideApproval {
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Session of the call, or the call itself outside sessions. */
  readonly scopeId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** What an approval is bound to: sha256 over the digest of the tool, the arguments and the decision, hex. */
  readonly digest: string;
  /** approve, reject or edit. */
  readonly outcome: string;
  /** Arguments of an edit, canonical JSON; null otherwise. */
  readonly arguments: string | null;
  /** Reason of the decider; may be empty. */
  readonly reason: string;
  /** Grant for like calls of the session, or of the caller outside sessions; null for this call alone. */
  readonly grant: GrantTerms | null;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as approval:decide. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Persona of a command as policy held it when it decided: what its answer is made with. */
export interface DecidedPersona {
  /** Name that the command has. */
  readonly name: string;
  /** The persona: of the tenant, or of the platform; empty when there is none of this name. */
  readonly entryId: string;
  /** Its version; 0 when there is none of this name. */
  readonly version: number;
  /** Instructions to the model; empty when there is none of this name. */
  readonly instructions: string;
  /** Sampling temperature of requests that name none. */
  readonly temperature: number;
}

/** A symbol that this version does not know is read as `deny`. */
export type DecisionOutcome = 'allow' | 'deny';

/** Summary of a decision, carried by the events that act on it. */
export interface DecisionSummary {
  /** Id of the PolicyDecided record; UUID. */
  readonly decisionId: string;
  /** Allow or deny. */
  readonly outcome: DecisionOutcome;
  /** S(a), from 0 to 1. */
  readonly score: number;
  /** Theta: a score below it denies. */
  readonly threshold: number;
  /** Stable reason codes, the deciding one first. */
  readonly reasons: readonly string[];
  /** Ids of the constitution's clauses that decided. */
  readonly clauses: readonly string[];
  /** Version of the constitution used; empty when none was, because it could not be verified or a kill switch came first. */
  readonly constitutionVersion: string;
  /** sha256 of the constitution's canonical JSON, hex; empty when none was used. */
  readonly constitutionDigest: string;
}

/** Create or replace a persona. */
export interface DefinePersona {
  /** The persona, persona:<tenant>:<name>; * in place of the tenant for one of the platform. Key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound whose personas may be managed. */
  readonly capabilities: readonly string[];
  /** 0 requires that the persona does not exist; any other number is the version to change; null changes any existing version. */
  readonly expectedVersion: number | null;
  /** Purpose, in one sentence for a person. */
  readonly description: string;
  /** Instructions to the model: the system message of a turn. At most 2,000 bytes of UTF-8. */
  readonly instructions: string;
  /** Model of sessions that name none; null for the default of the platform. */
  readonly model: string | null;
  /** Sampling temperature from 0 to 2, for requests that name none; 0 is greedy. */
  readonly temperature: number;
  /** Upper bound of an answer, in tokens, for requests that name none; null for the default of the platform. */
  readonly maxTokens: number | null;
}

/** Create or replace a user or a service account. */
export interface DefinePrincipal {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound what may be managed and what may be granted. */
  readonly capabilities: readonly string[];
  /** 0 requires that the entry does not exist; any other number is the version to change; null changes any existing version. */
  readonly expectedVersion: number | null;
  /** Display name. */
  readonly name: string;
  /** False refuses it at every gateway. */
  readonly enabled: boolean;
  /** Names of its roles. */
  readonly roles: readonly string[];
  /** Capabilities of the added roles, as the gateway knew them. The asking principal must have each. */
  readonly grants: readonly string[];
}

/** Create or replace a role. */
export interface DefineRole {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound what may be managed and what may be granted. */
  readonly capabilities: readonly string[];
  /** 0 requires that the entry does not exist; any other number is the version to change; null changes any existing version. */
  readonly expectedVersion: number | null;
  /** Purpose, in one sentence for a person. */
  readonly description: string;
  /** Capabilities of the role. The asking principal must have each that it adds. */
  readonly roleCapabilities: readonly string[];
}

/** Create a schedule, or replace one. */
export interface DefineSchedule {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as schedules:control. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** What it starts, and when. */
  readonly spec: ScheduleSpec;
  /** True for a schedule that waits to be resumed. */
  readonly paused: boolean;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Version that it replaces; 0 to create a schedule, null to replace any version. */
  readonly expectedVersion: number | null;
}

/** Create or replace a tenant. */
export interface DefineTenant {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound what may be managed and what may be granted. */
  readonly capabilities: readonly string[];
  /** 0 requires that the entry does not exist; any other number is the version to change; null changes any existing version. */
  readonly expectedVersion: number | null;
  /** Display name. */
  readonly name: string;
  /** New work of a suspended tenant is refused. */
  readonly status: TenantStatus;
  /** Bounds of its work. */
  readonly settings: TenantSettings;
}

/** Delete a file: it cannot be read any more. */
export interface DeleteFile {
  /** The file; UUID. Key of the topic. */
  readonly fileId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as files:create. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** The deltas of one run of a request, in one record for the audit: each delta is in conversation.deltas for seven days. */
export interface DeltaStretch {
  /** Number of TurnDelta records. */
  readonly count: number;
  /** UTF-16 code units of their text. */
  readonly chars: number;
  /** sha256 of their text in UTF-8, one after the other, hex. */
  readonly textSha256: string;
}

/** Settings of the detector of one tenant. */
export interface DetectorSettings {
  /** Number of the version, from 1; 0 for the defaults of the platform. */
  readonly version: number;
  /** False to learn and raise nothing. */
  readonly isOn: boolean;
  /** Deviation of an hour from its expectation that is an anomaly, in robust standard deviations. */
  readonly levelThreshold: number;
  /** Cumulative deviation that is a drift, in robust standard deviations. */
  readonly driftThreshold: number;
  /** Jensen-Shannon divergence of the mix of tools that is an anomaly, from 0 to 1. */
  readonly mixThreshold: number;
  /** Denials within denials_window_ms that are a burst. */
  readonly denialsMax: number;
  /** Length of the window of a burst, in ms. */
  readonly denialsWindowMs: number;
  /** True to raise the first request of a tool to a host. */
  readonly newHosts: boolean;
  /** True to suggest a kill switch for grave anomalies. It is never engaged by the detector. */
  readonly suggestsKillSwitch: boolean;
}

/** Forget a part of the journal: its job has ended for good. */
export interface DropJobEntries {
  /** Part of the journal: <job_id>/<n>, n from 0. Key of the topic. */
  readonly chunkId: string;
  /** The job; UUID. */
  readonly jobId: string;
}

/** A memory that a call of the tool khipu.memory forgets. The call runs under a decision of its own. */
export interface DropMemory {
  /** The memory; UUID. Key of the topic. */
  readonly memoryId: string;
  /** The call; UUID. */
  readonly callId: string;
  /** Place of the memory, which the record is written for. */
  readonly place: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** A file that a call of the tool files deletes, or writes again. The call runs under a decision of its own. */
export interface DropWorkspaceFile {
  /** The file; UUID. Key of the topic. */
  readonly fileId: string;
  /** The call; UUID. */
  readonly callId: string;
  /** Place of the workspace, which the record is written for. */
  readonly place: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Decision that allowed the call. */
  readonly decisionId: string;
}

/** One request that a call made outside, without headers, body, query and credential. */
export interface EgressRequest {
  /** Method, such as GET. */
  readonly method: string;
  /** Host and port; null for a URL that cannot be read. */
  readonly host: string | null;
  /** Path; segments that may be ids or secrets are *. */
  readonly path: string;
  /** sha256 of path and query, hex. */
  readonly pathDigest: string;
  /** Address of the connection; null when none was made. */
  readonly address: string | null;
  /** Status of the answer; null without one. */
  readonly status: number | null;
  /** Bytes of the body that was sent. */
  readonly requestBytes: number;
  /** Bytes of the body that was passed on. */
  readonly responseBytes: number;
  /** Time of the request, in ms. */
  readonly durationMs: number;
  /** answered, refused by the broker, or failed. */
  readonly outcome: string;
  /** Stable code of a refusal or failure; null otherwise. */
  readonly code: string | null;
}

/** The answer to EmbedText. */
export interface EmbeddingCompleted {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** One vector a text, in the order of the input. */
  readonly vectors: readonly (readonly number[])[];
  /** Model that answered. */
  readonly modelId: string;
  /** Tokens used. */
  readonly tokensConsumed: TokenUsage;
  /** At the provider, in ms. */
  readonly latencyMs: number;
}

/** Ask for embeddings. */
export interface EmbedText {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as slm:invoke:*. */
  readonly capabilities: readonly string[];
  /** Model asked for. */
  readonly model: string | null;
  /** Texts; 1 to 64. */
  readonly input: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** The time of a grant is over. */
export interface EndApprovalGrant {
  /** Session whose calls it covers; outside sessions, the scope of the grants of a caller for a tool. Key of the topic. */
  readonly scopeId: string;
  /** The grant; UUID. */
  readonly grantId: string;
}

/** The batch that a job is in has ended, or never began. */
export interface EndBatchedJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Place of the job, such as demo/3. */
  readonly place: string;
  /** The job that ran its input; UUID. */
  readonly batchId: string;
  /** completed, failed, dead or cancelled: ends of the batch. dissolved: it never began, and its members wait again. */
  readonly outcome: string;
  /** Result of the batch, JSON; null unless it completed. */
  readonly output: string | null;
  /** Stable code; null when it completed. */
  readonly code: string | null;
  /** One sentence for a person; null when it completed. */
  readonly detail: string | null;
}

/** The end of a child run, for the run that waits for it. */
export interface EndChildAgentRun {
  /** The run that waits; UUID. Key of the topic. */
  readonly runId: string;
  /** Its call of agent.handoff. */
  readonly callId: string;
  /** The child run; UUID. */
  readonly childId: string;
  /** succeeded or failed. */
  readonly outcome: string;
  /** Stable code of a failure; null otherwise. */
  readonly code: string | null;
  /** One sentence for a person. */
  readonly detail: string;
  /** Result of the child; null without one. */
  readonly output: string | null;
  /** Tokens so far of answers and child runs. */
  readonly tokens: TokenUsage;
  /** Cost so far of answers, calls and child runs, in the currency of the platform. */
  readonly cost: string;
  /** Labels of all that the run has seen so far. */
  readonly labels: readonly string[];
}

/** Give a job the end of a child that its handler waits for. */
export interface EndChildJob {
  /** The job that waits; UUID. Key of the topic. */
  readonly jobId: string;
  /** The child; UUID. */
  readonly childId: string;
  /** completed or failed. */
  readonly outcome: string;
  /** Result of the child: JSON, or its name above 64 KiB; null when it failed. */
  readonly output: string | null;
  /** Stable code of a failure; null when it completed. */
  readonly code: string | null;
  /** One sentence for a person; null when it completed. */
  readonly detail: string | null;
}

/** No answer came to a call that asked for a grant: people are asked. */
export interface EndGrantSearch {
  /** The call. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
}

/** The batch of a job has ended, or never began. */
export interface EndJobBatch {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** The job that runs the batch; UUID. */
  readonly jobId: string;
  /** The jobs that end with it. */
  readonly members: readonly JobBatchMember[];
  /** completed, failed, dead or cancelled: ends of the batch. dissolved: it never began, and its members wait again. */
  readonly outcome: string;
  /** Result of the batch, JSON; null unless it completed. */
  readonly output: string | null;
  /** Stable code; null when it completed. */
  readonly code: string | null;
  /** One sentence for a person; null when it completed. */
  readonly detail: string | null;
}

/** A run has ended. */
export interface EndJobRun {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** completed, failed, waiting, stopped, suspended, mismatch or lost. waiting: every branch waits. stopped: on request. suspended: it may not run now, such as under a kill switch. mismatch: the code does not fit the journal. lost: the run begins again, as its worker does not know what an earlier one has done. */
  readonly outcome: string;
  /** Result of the handler: JSON, or its name above 64 KiB; null unless it completed. */
  readonly output: string | null;
  /** Stable code; null when it completed, waits or was stopped. */
  readonly code: string | null;
  /** One sentence for a person; null as the code is. */
  readonly detail: string | null;
  /** False when another run would fail as well. */
  readonly retryable: boolean;
}

/** Give a schedule the end of a job that it started. */
export interface EndScheduledJob {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** completed, failed, cancelled, refused, or ended for a job that had ended before. */
  readonly outcome: string;
  /** Stable code of a failure or refusal; null when it completed. */
  readonly code: string | null;
}

/** Stop new work under a scope. Not governed: stopping must work when no constitution can be verified. */
export interface EngageKillSwitch {
  /** global, or tenant: or the type of a resource (such as model:, tool:, job:) and an id; key of the topic. */
  readonly scope: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as kill-switch:set:global. */
  readonly capabilities: readonly string[];
  /** Effect on work that was accepted before: stop ends it, finish_step ends it after its running steps, drain lets it finish. */
  readonly mode: KillSwitchMode;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** True to require two principals for the release. */
  readonly twoPerson: boolean;
}

/** The answer of the external policy engine: an input of the decision, so that the decision can be made again without asking. */
export interface EngineAnswer {
  /** unasked: our own rules denied before; unavailable: no answer within the attempts; invalid: an answer that is not understood. */
  readonly outcome: EngineOutcome;
  /** The engine's own reasons, at most 16 of 200 characters. */
  readonly reasons: readonly string[];
  /** Id in the engine's own decision log; null when it gave none. */
  readonly engineDecisionId: string | null;
  /** Cause of a missing answer, for a person; empty when it answered. */
  readonly detail: string;
  /** Time of the last request; 0 when none was made. */
  readonly latencyMs: number;
}

/** A symbol that this version does not know is read as `invalid`. */
export type EngineOutcome = 'unasked' | 'allow' | 'deny' | 'unavailable' | 'invalid';

/** An approval has waited so long that others may decide as well. */
export interface EscalateApproval {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
}

/** A run of a golden set and its verdict. */
export interface Evaluation {
  /** The run: its job; UUID. */
  readonly runId: string;
  /** Persona that it is for. */
  readonly persona: string;
  /** Version of the persona; 0 for one that was only tried. */
  readonly personaVersion: number;
  /** Version of the golden set. */
  readonly setVersion: number;
  /** Digest of the golden set. */
  readonly setDigest: string;
  /** Run that it was compared with; null for none. */
  readonly baselineRunId: string | null;
  /** pass, regress, improve or inconclusive. */
  readonly verdict: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Further cases that would decide in four of five runs; null for a verdict that is decided. */
  readonly moreCases: number | null;
  /** What started it: manual, model, persona, tool, memory or constitution. */
  readonly cause: string;
  /** Models that answered. */
  readonly models: readonly string[];
  /** Digest of the models of the platform at the start, hex. */
  readonly modelsDigest: string;
  /** Number of its cases. */
  readonly cases: number;
  /** Answers to each case. */
  readonly repeats: number;
  /** Cases that every scorer passed, in most of their repeats. */
  readonly passed: number;
  /** Tokens of all prompts and answers. */
  readonly tokens: number;
  /** The whole result with one row a case, JSON. */
  readonly result: ContentName;
  /** Who started it, or set the trigger that did. */
  readonly principal: string;
}

/** A run of a golden set has its verdict. */
export interface EvaluationEnded {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** The run and its verdict. */
  readonly run: Evaluation;
}

/** The time of an approval is over. */
export interface ExpireApproval {
  /** Session of the call, or the call itself outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
}

/** One weighted feature of the score: S(a) = sum of weight * value. */
export interface FeatureScore {
  /** Name of the feature in the constitution. */
  readonly name: string;
  /** phi(x), from 0 (bad) to 1 (good). */
  readonly value: number;
  /** Weight in the constitution; the weights of one constitution sum to 1. */
  readonly weight: number;
}

/** The file is there. */
export interface FileCreated {
  /** The file; UUID. Key of the topic. */
  readonly fileId: string;
  /** Tenant of the file; for every other tenant there is none. */
  readonly tenantId: string;
  /** Who uploaded it; null for a file of a job. */
  readonly principal: string | null;
  /** Job that wrote it; null for an upload. */
  readonly jobId: string | null;
  /** Name that the file was given. */
  readonly filename: string;
  /** What it is for: batch, user_data, or batch_output. */
  readonly purpose: string;
  /** Size of the content. */
  readonly bytes: number;
  /** sha256 of the content, hex. Its pieces have it. */
  readonly digest: string;
  /** Number of pieces of the content; 0 for an empty one. */
  readonly pieces: number;
  /** Lines that are not blank; null for a content that is not NDJSON. */
  readonly lines: number | null;
  /** Decision that allowed it; null for a file of a job, which runs under one of its own. */
  readonly decisionId: string | null;
  /** Workspace of a file that a call of the tool files wrote; null for any other file. */
  readonly workspace: string | null;
}

/** The file was deleted. */
export interface FileDeleted {
  /** The file; UUID. Key of the topic. */
  readonly fileId: string;
  /** Principal that deleted it. */
  readonly deletedBy: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** A piece of a content. Pieces are named by the content: the same piece again changes nothing. */
export interface FilePiece {
  /** The content: <tenant>/<digest>. Key of the topic. */
  readonly contentId: string;
  /** sha256 of the whole content, hex. */
  readonly digest: string;
  /** Number of the piece, from 0. */
  readonly piece: number;
  /** The piece in base64: 512 KiB, the last one less. */
  readonly bytes: string;
}

/** A command was refused; nothing changed. */
export interface FileRefused {
  /** The file; UUID. Key of the topic. */
  readonly fileId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** What one rule of a constitution found in a text. It does not contain the text. */
export interface Finding {
  /** Id of the rule. */
  readonly rule: string;
  /** Code of a moderation rule, or label of a label rule. */
  readonly category: string;
  /** forbid or caution, the severity of a moderation rule; label for a label rule. An open vocabulary. */
  readonly outcome: string;
  /** From 0 to 1; 1 for a match of a pattern or a check digit. */
  readonly score: number;
  /** Where the text was checked: input, tool or output. An open vocabulary. */
  readonly place: string;
}

/** A symbol that this version does not know is read as `other`. */
export type FinishReason = 'stop' | 'length' | 'other' | 'tool_calls';

/** A time of a schedule has come: a due time, or the turn of one that waited. */
export interface FireSchedule {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Due time of the run. */
  readonly dueAt: number;
}

/** Take a memory out of every later recall. */
export interface ForgetMemory {
  /** The memory; UUID. Key of the topic. */
  readonly memoryId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as memory:remember:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Space of the memory, a name in its tenant, such as shared or session.<session id>. */
  readonly space: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Where a job was forked from: another job of the tenant, and the step or wait of it that runs again first. */
export interface ForkedFrom {
  /** The other job; UUID. */
  readonly jobId: string;
  /** Branch of the step or wait, such as left/2; empty for the handler itself. */
  readonly path: string;
  /** Name of the step or wait; empty for a fork from the beginning. */
  readonly name: string;
  /** Use of this name in this branch, from 1; 0 for a fork from the beginning. */
  readonly nth: number;
}

/** Start a job with the recorded results of another one, up to a step. Only the gateway knows the other job: the command carries its results. */
export interface ForkJob {
  /** The new job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Type of both jobs, such as inference.batch. */
  readonly type: string;
  /** Input of the handler: JSON, or its name above 64 KiB. */
  readonly input: string;
  /** interactive, standard or batch. */
  readonly lane: string;
  /** Jobs of the tenant with this key run one after another; null for no such bound. */
  readonly concurrencyKey: string | null;
  /** Tags to find it by; at most 16. */
  readonly tags: readonly string[];
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** The other job, and its step. */
  readonly forkedFrom: ForkedFrom;
  /** Results of the other job that were kept before the step, in their order; at most 1,000 and 512 KiB. */
  readonly entries: readonly JobEntry[];
  /** Another constitution, to simulate the job under it; null for a job that runs. It takes constitution:try. */
  readonly simulation: JobSimulation | null;
  /** Of a simulated job: the results of the record that come after entries, in their order. Both have at most 1,000 and 512 KiB together. */
  readonly recorded: readonly JobEntry[];
}

/** A principal gave a grant for calls outside sessions: it is kept where all of them can ask for it. */
export interface GiveApprovalGrant {
  /** Scope of the grants of a caller for a tool outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** Place of the record: that of its scope. */
  readonly place: string;
  /** The grant; UUID. */
  readonly grantId: string;
  /** Tenant of the grant; for every other tenant there is none. */
  readonly tenantId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly toolDigest: string;
  /** Who decided. */
  readonly principal: string;
  /** Whose calls it covers. */
  readonly initiator: string;
  /** sha256 of the arguments that it covers, hex; null where a shape says it. */
  readonly argumentsDigest: string | null;
  /** Subset of JSON Schema that the arguments must fit, JSON; null for one digest. */
  readonly shape: string | null;
  /** Capabilities that the approval asked for; a call that asks for another one waits. */
  readonly capabilities: readonly string[];
  /** Labels of the approved call; a call with a further one waits. */
  readonly labels: readonly string[];
  /** Calls that it covers. */
  readonly usesMax: number;
  /** Time at which it was given. */
  readonly since: number;
  /** Time at which it ends. */
  readonly until: number;
}

/** A turn of production became a case. */
export interface GoldenCaseAdded {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Number of versions since it was created, from 1. */
  readonly version: number;
  /** The document of this version, JSON. */
  readonly content: ContentName;
  /** Number of its cases. */
  readonly cases: number;
  /** The case in the golden set. */
  readonly caseId: string;
  /** Session of the turn; UUID. */
  readonly sessionId: string;
  /** The turn; UUID. */
  readonly turnId: string;
  /** Number of personal data that were taken out. */
  readonly redactions: number;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The current state of a golden set. */
export interface GoldenSet {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Tenant of the golden set; for every other tenant there is none. */
  readonly tenantId: string;
  /** kept or removed. */
  readonly status: string;
  /** Number of versions since it was created, from 1. */
  readonly version: number;
  /** Purpose, in one sentence. */
  readonly description: string;
  /** Persona that it is for. */
  readonly persona: string;
  /** The document of this version, JSON. */
  readonly content: ContentName;
  /** Number of its cases. */
  readonly cases: number;
  /** Tools that its cases may call; none for answers of the model alone. */
  readonly tools: readonly string[];
  /** Changes that start a run: model, persona, tool, memory or constitution. */
  readonly triggers: readonly string[];
  /** Who defined it: runs of its triggers are in this name. */
  readonly principal: string;
  /** Capabilities of who defined it. */
  readonly capabilities: readonly string[];
  /** The token that defined it; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** The run that others are compared with; null for none. */
  readonly baseline: Baseline | null;
  /** Verdict of the latest run; null before the first. */
  readonly lastVerdict: string | null;
  /** Digest of the models at the latest run, hex; null before the first. */
  readonly modelsDigest: string | null;
  /** Time of the latest change. */
  readonly changedAt: number;
  /** Place of the golden set; null where the log does not say it. */
  readonly place: string | null;
}

/** A golden set was created, or has another version. */
export interface GoldenSetDefined {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Tenant of the golden set; for every other tenant there is none. */
  readonly tenantId: string;
  /** Number of versions since it was created, from 1. */
  readonly version: number;
  /** Purpose, in one sentence. */
  readonly description: string;
  /** Persona that it is for. */
  readonly persona: string;
  /** The document of this version, JSON. */
  readonly content: ContentName;
  /** Number of its cases. */
  readonly cases: number;
  /** Tools that its cases may call; none for answers of the model alone. */
  readonly tools: readonly string[];
  /** Changes that start a run: model, persona, tool, memory or constitution. */
  readonly triggers: readonly string[];
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as evaluations:manage. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** A command to a golden set was refused; nothing changed. */
export interface GoldenSetRefused {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Current version; 0 when there is none. */
  readonly version: number;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** A golden set was removed; no run of it is started any more. */
export interface GoldenSetRemoved {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Number of versions since it was created, from 1. */
  readonly version: number;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** A job gets the slot that it asked for, and runs. */
export interface GrantJobSlot {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Place of the job, such as demo/3. */
  readonly place: string;
  /** Tenant, type and concurrency key. */
  readonly slotKey: string;
  /** Number of the request that asked for it. */
  readonly request: number;
  /** Chain of the request, at the time of the grant. */
  readonly chain: CommandChain;
  /** What it runs for itself and for others; null when it runs alone. */
  readonly batch: JobBatch | null;
}

/** A place is leased a part of the budget ahead of its commands. */
export interface GrantLease {
  /** Place that holds the lease, such as demo/3; key of the topic. */
  readonly place: string;
  /** Tokens leased. */
  readonly tokens: number;
  /** Money leased. */
  readonly cost: string;
  /** Tokens that the place may keep unused; 0 while the budget is scarce. */
  readonly tokensKept: number;
  /** Money that the place may keep unused. */
  readonly costKept: string;
}

/** Bounds of a grant: like calls run without a further approval. */
export interface GrantTerms {
  /** Subset of JSON Schema that the arguments must fit, JSON; null for exactly the approved arguments. */
  readonly shape: string | null;
  /** Time until it ends, in ms; at most one hour. */
  readonly lifetimeMs: number;
  /** Calls that it covers; at most 100. */
  readonly usesMax: number;
}

/** A change of the directory was refused; nothing changed. */
export interface IdentityRefused {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code: CAPABILITY_MISSING, PRECONDITION_FAILED, ALREADY_EXISTS, TENANT_UNKNOWN, ROLE_UNKNOWN, PRINCIPAL_UNKNOWN, API_KEY_UNKNOWN, API_KEY_REVOKED, TENANT_IS_OWN, SETTINGS_INVALID, ENTRY_INVALID. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Current version; 0 when there is none that the asking principal may see. */
  readonly version: number;
}

/** Import a version of a template. */
export interface ImportTemplate {
  /** The template: <tenant>/<namespace>.<name>. Key of the topic. */
  readonly templateId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as workflows:import. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** The document, Serverless Workflow, as canonical JSON (RFC 8785); at most 48 KiB. */
  readonly workflow: string;
  /** sha256 of the document, hex. */
  readonly digest: string;
  /** Install of the capsule that the document came from: runs may use what was granted to it. Null for a document of the caller. */
  readonly installId: string | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** The answer to InferText. */
export interface InferenceCompleted {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** The whole answer. */
  readonly text: string;
  /** Model that answered. */
  readonly modelId: string;
  /** Why the answer ended. */
  readonly finishReason: FinishReason;
  /** Tokens used. */
  readonly tokensConsumed: TokenUsage;
  /** At the provider, in ms. */
  readonly latencyMs: number;
  /** What the rules of outputs found in the answer; null when the constitution has none. */
  readonly moderation: AnswerModeration | null;
}

/** The turn ended without an answer. */
export interface InferenceFailed {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The rule that cut the answer; null for any other failure. */
  readonly refusal: ContentRefusal | null;
}

/** Refused; nothing ran. */
export interface InferenceRefused {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision that refused it. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** The request was allowed and the model was asked. Repeated before it has ended, it is the same request. */
export interface InferenceStarted {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Model asked for. */
  readonly model: string | null;
  /** The decision that allowed it. */
  readonly decisionId: string;
}

/** Ask for one answer outside any session (the synchronous fallback). */
export interface InferText {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as slm:invoke:*. */
  readonly capabilities: readonly string[];
  /** Model asked for. */
  readonly model: string | null;
  /** The prompt. */
  readonly prompt: string;
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens: number | null;
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** A change of one input with which a denied command would be allowed. */
export interface InputChange {
  /** The input: prompt, max_tokens, capabilities, persona, model or labels. */
  readonly input: string;
  /** The change, in one sentence. */
  readonly what: string;
  /** Share of the input that changes, from 0 to 1. */
  readonly size: number;
}

/** Install a capsule. */
export interface InstallCapsule {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as capsules:publish. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** The capsule: <tenant>/<name>@<version>. */
  readonly capsuleId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Capabilities that runs may use: some of those that the capsule asks for. */
  readonly granted: readonly string[];
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Issue an API key. The gateway made the key and shows it once; the command holds its hash. */
export interface IssueApiKey {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound what may be managed and what may be granted. */
  readonly capabilities: readonly string[];
  /** Display name. */
  readonly name: string;
  /** Principal that acts with it: user: or service_account: and an id. */
  readonly owner: string;
  /** Capabilities of the owner that the key may use; null for all of them. */
  readonly keyCapabilities: readonly string[] | null;
  /** Capabilities of the key, as the gateway knew its owner. The asking principal must have each. */
  readonly grants: readonly string[];
  /** Slow hash of the new key: scrypt, its cost, salt and hash, base64url. */
  readonly hash: string;
  /** Id of the request; equal when it is repeated. */
  readonly requestId: string;
  /** sha256 of the request, hex. */
  readonly requestDigest: string;
}

/** A job was allowed. It runs as soon as its time has come. */
export interface JobAccepted {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Tenant of the job; for every other tenant there is none. */
  readonly tenantId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Type of the job, such as inference.batch. */
  readonly type: string;
  /** Version of the handler that it is pinned to. */
  readonly version: number;
  /** Queue of the workers that have the handler. */
  readonly queue: string;
  /** Input of the handler: JSON, or its name above 64 KiB. */
  readonly input: string;
  /** Earliest time of the first run; null for now. */
  readonly runAt: number | null;
  /** Time at which it fails unless it has ended; null for none. */
  readonly deadline: number | null;
  /** interactive, standard or batch. */
  readonly lane: string;
  /** The limits of the type hold for each key; without limits, jobs of one key run one after another. Null takes the name of the type. */
  readonly concurrencyKey: string | null;
  /** How failed runs are repeated. */
  readonly retry: JobRetry;
  /** Tags to find it by. */
  readonly tags: readonly string[];
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** The job that waits for it; null for a job of its own. */
  readonly parentId: string | null;
  /** Number of jobs above it. */
  readonly depth: number;
  /** Schedule that started it, `<tenant>/<name>`; null for none. */
  readonly scheduleId: string | null;
  /** Due time of its run of the schedule; null for none. */
  readonly dueAt: number | null;
  /** Time of the command. */
  readonly acceptedAt: number;
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** The job whose results it began with; null for a job that began without any. */
  readonly forkedFrom: ForkedFrom | null;
  /** The slot that it needs to run; null for none. */
  readonly admission: JobAdmission | null;
  /** The constitution under which it is simulated; null for a job that runs. Nothing that a simulated job asks for happens. */
  readonly simulation: JobSimulation | null;
}

/** What a job has to ask for a slot, decided when it was accepted. */
export interface JobAdmission {
  /** Tenant, type and concurrency key, such as demo/reports.monthly/customer-42; for runs of batch work tenant, queue, place and line, such as demo/~batch/default/3/11. */
  readonly slotKey: string;
  /** Limits of the key. */
  readonly limits: JobLimits;
}

/** What a job runs for itself and for others. */
export interface JobBatch {
  /** Inputs of all of them, a JSON array in the order of the starts; the first one is its own. */
  readonly input: string;
  /** The others, in the order of their inputs. */
  readonly members: readonly JobBatchMember[];
}

/** The job runs the inputs of other jobs with its own: they end with it. */
export interface JobBatchBegun {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Inputs of all of them, a JSON array in the order of the starts; the first one is its own. */
  readonly input: string;
  /** The others, in the order of their inputs. */
  readonly members: readonly JobBatchMember[];
}

/** The input of the job runs in the batch of another one, whose end will be its own. */
export interface JobBatched {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** The job that runs its input; UUID. */
  readonly batchId: string;
  /** Number of starts in the batch. */
  readonly size: number;
}

/** A start that waits for others, to run with them. */
export interface JobBatchItem {
  /** Starts with the same text run together: it derives from who asks and from how the job is to run. */
  readonly group: string;
  /** Input of the start, JSON. */
  readonly input: string;
}

/** The batch of a job never began, because the job that was to run it had ended: it waits for another one. */
export interface JobBatchLeft {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** The job that was to run its input; UUID. */
  readonly batchId: string;
}

/** A job whose input another one runs. */
export interface JobBatchMember {
  /** The job; UUID. */
  readonly jobId: string;
  /** Place of the job, such as demo/3. */
  readonly place: string;
}

/** The job was ended before its result. */
export interface JobCancelled {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Principal that cancelled it, or the parent job. */
  readonly cancelledBy: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** The job has its result. */
export interface JobCompleted {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Result of the handler: JSON, or its name above 64 KiB. */
  readonly output: string;
}

/** Every run that its retry allows has failed. It waits to be retried. */
export interface JobDead {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** The worker is sent this part of the journal no more. The record of it stays in this topic. */
export interface JobEntriesDropped {
  /** Part of the journal: <job_id>/<n>, n from 0. Key of the topic. */
  readonly chunkId: string;
  /** The job; UUID. */
  readonly jobId: string;
}

/** One entry of the journal of a job: the result of a step or of a wait. A run that meets its key takes the result and does not run it again. */
export interface JobEntry {
  /** Branch of the handler that asks, such as left/2; empty for the handler itself. */
  readonly path: string;
  /** Name of the step or wait, as the handler gives it. */
  readonly name: string;
  /** Use of this name in this branch, from 1. */
  readonly nth: number;
  /** step, sleep, signal, child, model, tool, agent, patch or now. */
  readonly kind: string;
  /** completed or failed: final. attempted: the step failed and is run again. */
  readonly outcome: string;
  /** Result: JSON, or its name above 64 KiB; null when it has none. */
  readonly output: string | null;
  /** Stable code of a failure; null when it completed. */
  readonly code: string | null;
  /** One sentence for a person; null when it completed. */
  readonly detail: string | null;
  /** First run that knows it: the run that recorded a step; of a wait, the run after the one that waited. In a replay the waits of a run come before its steps. 0 or less for a result that was taken from another job. */
  readonly generation: number;
  /** Runs of the step so far, from 1. */
  readonly attempts: number;
  /** Time at which the step or wait began. */
  readonly startedAt: number;
  /** Time of the result. */
  readonly endedAt: number;
}

/** The journal has an entry. */
export interface JobEntryKept {
  /** Part of the journal: <job_id>/<n>, n from 0. Key of the topic. */
  readonly chunkId: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** The entry; it replaces one of the same path, name and nth. */
  readonly entry: JobEntry;
}

/** The job ended without a result. */
export interface JobFailed {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** Limits of the jobs of one concurrency key, as their type declares them. */
export interface JobLimits {
  /** Most jobs that hold a slot at once; null for no such bound. */
  readonly max: number | null;
  /** Most slots granted in a row, and on average in rate_period_ms; null for no such bound. */
  readonly rateLimit: number | null;
  /** Period of the rate, in ms; null without a rate. */
  readonly ratePeriodMs: number | null;
  /** skip: a job is refused while another one of the key has not ended. cancel: it ends the other one. Null: it waits. */
  readonly singleton: string | null;
  /** Time for which a new job waits, in ms: a newer one of the key replaces it meanwhile. Null for no wait. */
  readonly debounceMs: number | null;
  /** Most starts of the key that one job runs together; null when each start is a job that runs alone. */
  readonly batchMax: number | null;
  /** Longest time for which a start waits for others, in ms; null without batches. */
  readonly batchWaitMs: number | null;
  /** True when a slot belongs to a run of a job, and is given back when the run ends; false when it belongs to the job until that ends or is held. */
  readonly isPerRun: boolean;
}

/** No further step of the job begins until it is resumed. */
export interface JobPaused {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Principal that paused it. */
  readonly pausedBy: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** The handler told how far it is. */
export interface JobProgressed {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** 0 to 100; null when it is not known. */
  readonly percent: number | null;
  /** One line for a person. */
  readonly message: string;
}

/** The job waits for a slot of its concurrency key; its next run begins with the slot. */
export interface JobQueued {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Tenant, type and concurrency key. */
  readonly slotKey: string;
  /** Number of the request for a slot, from 1. */
  readonly request: number;
  /** Reason of the run that begins then: start, resume, retry, wake or takeover. */
  readonly reason: string;
}

/** A command was refused; nothing changed. */
export interface JobRefused {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command; null for a command that is not governed. */
  readonly decision: DecisionSummary | null;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** A paused or suspended job goes on. */
export interface JobResumed {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Principal that resumed it; `jobs` when its time had come. */
  readonly resumedBy: string;
}

/** A failed or dead job runs again from its journal. */
export interface JobRetried {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Principal that asked for it. */
  readonly retriedBy: string;
}

/** How a failed run of a job is repeated. */
export interface JobRetry {
  /** Maximum of runs that fail, including the first; from 1. */
  readonly attemptsMax: number;
  /** Delay before the second run, in ms; it doubles with each run. */
  readonly firstDelayMs: number;
  /** Upper bound of the delay, in ms. */
  readonly delayMaxMs: number;
}

/** A run ended before the job did, and no other run follows at once. */
export interface JobRunEnded {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** waiting, stopped or lost. waiting: every branch waits. stopped and lost: the job is paused. */
  readonly outcome: string;
}

/** A run failed, and another one follows. */
export interface JobRunFailed {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Time of the next run. */
  readonly nextRunAt: number;
}

/** A run of the job was sent to the workers. */
export interface JobRunStarted {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Failed runs before it, plus 1. */
  readonly attempt: number;
  /** start, wake, resume, retry or takeover. */
  readonly reason: string;
}

/** A signal was delivered to the job. */
export interface JobSignalled {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Name of the step or wait, as the handler gives it. */
  readonly name: string;
  /** Payload of the signal, JSON. */
  readonly payload: string;
  /** Principal that sent it. */
  readonly sentBy: string;
  /** Decision that allowed it. A repeat of the command has the same. */
  readonly decisionId: string;
}

/** How a job is simulated: policy decides what it asks for under another constitution, and the record of another job answers. */
export interface JobSimulation {
  /** Published version of the constitution. */
  readonly constitutionVersion: string;
  /** Digest of its document. A decision under another document ends the job. */
  readonly constitutionDigest: string;
  /** The job whose record answers; UUID. Chance and keys derive from it, so that the code takes the same way. */
  readonly sourceId: string;
  /** Number of recorded results that answer. */
  readonly results: number;
  /** Number of parts in which they are kept, beside the journal; 0 in a command. */
  readonly pages: number;
}

/** Policy decided under another constitution what a simulated job asks for. Nothing was reserved, charged or sent. */
export interface JobSimulationDecided {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Latest run of the job, from 1; 0 for its start. */
  readonly generation: number;
  /** Branch of the handler that asks, such as left/2; empty for the handler itself. */
  readonly path: string;
  /** Name of the wait, as the handler gives it; empty for the start of the job. */
  readonly name: string;
  /** Use of this name in this branch, from 1; 0 for the start of the job. */
  readonly nth: number;
  /** start, model, child or signal. */
  readonly kind: string;
  /** The verdict of the trial. */
  readonly decision: DecisionSummary;
  /** Stable code of the refusal; null when it is allowed. */
  readonly code: string | null;
  /** One sentence for a person; null when it is allowed. */
  readonly detail: string | null;
  /** What the record has: allow, deny, or none when it has no result. */
  readonly recordedOutcome: string;
  /** True when the record has the other outcome. A request without a recorded result differs when it is denied. */
  readonly differs: boolean;
  /** True when the refusal or the record ends the wait. Otherwise the job diverges when nothing else lets it go on. */
  readonly isAnswered: boolean;
}

/** No job of the concurrency key holds a slot or waits, and its rate remembers nothing. */
export interface JobSlotCleared {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
}

/** A job has a slot of its concurrency key until it ends or is held. */
export interface JobSlotGranted {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Number of the request that asked for it. */
  readonly request: number;
  /** Theoretical arrival time of the next grant by the rate, in ms since 1970; 0 without a rate. */
  readonly rateAt: number;
}

/** A job that waited for a slot runs in the batch of another one, and needs no slot of its own. */
export interface JobSlotJoined {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Number of the request of this job, from 1. */
  readonly request: number;
  /** The job that runs its input; UUID. */
  readonly batchId: string;
}

/** A job waits for a slot of its concurrency key. */
export interface JobSlotQueued {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Number of the request of this job, from 1. */
  readonly request: number;
  /** Place of the job, such as demo/3. */
  readonly place: string;
  /** interactive, standard or batch. */
  readonly lane: string;
  /** Limits of the key from now on. */
  readonly limits: JobLimits;
  /** Earliest time of the grant; null for now. */
  readonly notBefore: number | null;
  /** Chain of the request, which the grant continues. */
  readonly chain: CommandChain;
  /** What it brings to a batch; null for a job that runs alone. */
  readonly batch: JobBatchItem | null;
}

/** A job gets no slot of its concurrency key. */
export interface JobSlotRefused {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Number of the request of this job, from 1. */
  readonly request: number;
  /** Stable code: JOB_QUEUE_FULL or JOB_SINGLETON. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** A job gave back its slot, or left the queue. */
export interface JobSlotReleased {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Number of the request that asked for it. */
  readonly request: number;
}

/** A newer job of the concurrency key replaces a job. One that waited has left the queue; another one keeps its slot until it has ended. */
export interface JobSlotSuperseded {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** The job that is replaced; UUID. */
  readonly jobId: string;
  /** Number of the request of this job. */
  readonly request: number;
  /** The newer job; UUID. */
  readonly by: string;
}

/** A step failed, and is run again. */
export interface JobStepAttempted {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Branch of the handler that asks, such as left/2; empty for the handler itself. */
  readonly path: string;
  /** Name of the step or wait, as the handler gives it. */
  readonly name: string;
  /** Use of this name in this branch, from 1. */
  readonly nth: number;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Runs of the step so far, from 1. */
  readonly attempts: number;
}

/** A step or wait of the job has its final result. The result is in the journal. */
export interface JobStepCompleted {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Branch of the handler that asks, such as left/2; empty for the handler itself. */
  readonly path: string;
  /** Name of the step or wait, as the handler gives it. */
  readonly name: string;
  /** Use of this name in this branch, from 1. */
  readonly nth: number;
  /** step, sleep, signal, child, model, tool, agent, patch or now. */
  readonly kind: string;
  /** completed or failed. */
  readonly outcome: string;
  /** Stable code of a failure; null when it completed. */
  readonly code: string | null;
  /** One sentence for a person; null when it completed. */
  readonly detail: string | null;
  /** Runs of the step, from 1. */
  readonly attempts: number;
  /** Size of the result in the journal, in bytes. */
  readonly outputBytes: number;
  /** Time at which it began. */
  readonly startedAt: number;
  /** Time of the result. */
  readonly endedAt: number;
  /** Labels of a result of a tool or an agent: the job carries them from then on. */
  readonly labels: readonly string[];
}

/** The job does not run until it is resumed: its code does not fit the journal, its runs are lost, a kill switch stops it, or a budget is spent. */
export interface JobSuspended {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Time at which it goes on by itself; null when only a command lets it. */
  readonly resumeAt: number | null;
  /** Request to a model that no budget has room for, and that is made again then; null when there is none. */
  readonly callId: string | null;
}

/** A type of jobs that a queue of workers has registered. */
export interface JobType {
  /** Type of the jobs. Key of the topic. */
  readonly type: string;
  /** Version of the handler, from 1. */
  readonly version: number;
  /** Queue of the workers that have the handler. */
  readonly queue: string;
  /** What it does, in one line. */
  readonly title: string;
  /** JSON Schema 2020-12 of the input, JSON. */
  readonly inputSchema: string;
  /** JSON Schema 2020-12 of the result, JSON. */
  readonly outputSchema: string;
  /** How failed runs are repeated unless the start says otherwise. */
  readonly retry: JobRetry;
  /** Time of the registration. */
  readonly registeredAt: number;
  /** Limits of its jobs by concurrency key; null for none. */
  readonly limits: JobLimits | null;
}

/** What a handler waits for. */
export interface JobWait {
  /** Branch of the handler that asks, such as left/2; empty for the handler itself. */
  readonly path: string;
  /** Name of the step or wait, as the handler gives it. */
  readonly name: string;
  /** Use of this name in this branch, from 1. */
  readonly nth: number;
  /** sleep, retry, signal, child, model, tool or agent. */
  readonly kind: string;
  /** Time at which the wait is over; of a signal, its time-out. Null when there is none. */
  readonly until: number | null;
  /** Name of the signal; null for any other wait. */
  readonly signal: string | null;
  /** Type of the child job, or name of the tool or agent; null for any other wait. */
  readonly childType: string | null;
  /** Input of the child, arguments of the tool, or request to the model or agent: JSON, or its name above 64 KiB; null for any other wait. */
  readonly request: string | null;
  /** Of a simulated job: what the record has under the same path, name and nth. Null when it has nothing, and for a job that runs. */
  readonly recorded: JobEntry | null;
}

/** The handler waits for something; other branches of it may still run. */
export interface JobWaiting {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** What it waits for. */
  readonly wait: JobWait;
  /** Time at which the wait began. */
  readonly startedAt: number;
}

/** The input of a job runs in the batch of another one, whose end will be its own. */
export interface JoinJobBatch {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Place of the job, such as demo/3. */
  readonly place: string;
  /** Number of the request of this job, from 1. */
  readonly request: number;
  /** The job that runs its input; UUID. */
  readonly batchId: string;
  /** Number of starts in the batch. */
  readonly size: number;
  /** Chain of the request, at the time of the beginning of the batch. */
  readonly chain: CommandChain;
}

/** The result of a run, for the history of its golden set. */
export interface KeepEvaluation {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Place of the golden set; null where the log does not say it. */
  readonly place: string | null;
  /** The run and its verdict. */
  readonly run: Evaluation;
}

/** A file that a job has written, with its pieces on the log. The job runs under a decision of its own. */
export interface KeepFile {
  /** The file; UUID. Key of the topic. */
  readonly fileId: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Name that the file was given. */
  readonly filename: string;
  /** What it is for: batch, user_data, or batch_output. */
  readonly purpose: string;
  /** Size of the content. */
  readonly bytes: number;
  /** sha256 of the content, hex. Its pieces have it. */
  readonly digest: string;
  /** Number of pieces of the content; 0 for an empty one. */
  readonly pieces: number;
  /** Lines that are not blank; null for a content that is not NDJSON. */
  readonly lines: number | null;
}

/** Keep an entry in the journal. */
export interface KeepJobEntry {
  /** Part of the journal: <job_id>/<n>, n from 0. Key of the topic. */
  readonly chunkId: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** The entry; it replaces one of the same path, name and nth. */
  readonly entry: JobEntry;
}

/** A text that a call of the tool khipu.memory keeps. The call runs under a decision of its own. */
export interface KeepMemory {
  /** The memory; UUID. Key of the topic. */
  readonly memoryId: string;
  /** The call; UUID. */
  readonly callId: string;
  /** Place of the memory, which the record is written for. */
  readonly place: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Space of the memory, a name in its tenant, such as shared or session.<session id>. */
  readonly space: string;
  /** Text of the memory. */
  readonly text: string;
  /** Where the text comes from, in the words of its author; null when it does not say. */
  readonly source: string | null;
  /** Tags that recalls filter by; at most 16. */
  readonly tags: readonly string[];
  /** Names and values that recalls filter by; at most 16. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Time from which the text is true; null for always. */
  readonly validFrom: number | null;
  /** Time from which the text is not true any more; null for no end. */
  readonly validTo: number | null;
  /** Ids of memories of the space that this one takes the place of; at most 16. */
  readonly supersedes: readonly string[];
  /** Labels of the data of the call. */
  readonly labels: readonly string[];
}

/** The result of a check, for the install that it is of. */
export interface KeepUpgradeCheck {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Place of the install; null where the log does not say it. */
  readonly place: string | null;
  /** The check. */
  readonly check: UpgradeCheck;
}

/** A file that a call of the tool files writes, with its content on the log. The call runs under a decision of its own. */
export interface KeepWorkspaceFile {
  /** The file; UUID. Key of the topic. */
  readonly fileId: string;
  /** The call; UUID. */
  readonly callId: string;
  /** Place of the workspace, which the record is written for. */
  readonly place: string;
  /** Workspace: session.<session id> or principal.<principal>. */
  readonly workspace: string;
  /** Path in the workspace, such as notes/today.md. */
  readonly path: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Size of the content. */
  readonly bytes: number;
  /** sha256 of the content, hex. Its pieces have it. */
  readonly digest: string;
  /** Number of pieces of the content; 0 for an empty one. */
  readonly pieces: number;
  /** Decision that allowed the call. */
  readonly decisionId: string;
}

/** The current state of one switch; compaction keeps the latest record of a scope. */
export interface KillSwitch {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** True while new work under the scope is refused. */
  readonly engaged: boolean;
  /** Effect on work that was accepted before: stop ends it, finish_step ends it after its running steps, drain lets it finish. */
  readonly mode: KillSwitchMode;
  /** Why it was engaged. */
  readonly reason: string;
  /** Principal that engaged it last. */
  readonly engagedBy: string;
  /** When the scope was stopped. */
  readonly since: number;
  /** True when the release takes two principals. */
  readonly twoPerson: boolean;
  /** Principal that proposed the release; null when none did. */
  readonly releaseProposedBy: string | null;
  /** Id of the KillSwitchEngaged record; decisions name it. */
  readonly engagedEventId: string;
}

/** New work under the scope is refused from now on. Engaging it again replaces mode and reason, and voids a proposal to release. */
export interface KillSwitchEngaged {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Id of this record; UUID. Decisions made by the switch name it. */
  readonly eventId: string;
  /** Effect on work that was accepted before: stop ends it, finish_step ends it after its running steps, drain lets it finish. */
  readonly mode: KillSwitchMode;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Principal that engaged it. */
  readonly engagedBy: string;
  /** Time at which the scope was stopped; engaging it again keeps it. */
  readonly since: number;
  /** True when the release takes two principals; stays true once it is. */
  readonly twoPerson: boolean;
}

/** A symbol that this version does not know is read as `stop`. */
export type KillSwitchMode = 'stop' | 'drain' | 'finish_step';

/** A change of a switch was refused; nothing changed. */
export interface KillSwitchRefused {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code: KILL_SWITCH_SCOPE_INVALID, CAPABILITY_MISSING, KILL_SWITCH_NOT_ENGAGED. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** New work under the scope is decided as before the switch. */
export interface KillSwitchReleased {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Principal that released it. */
  readonly releasedBy: string;
  /** The first principal, when the release took two. */
  readonly proposedBy: string | null;
}

/** One principal proposed to release the switch; it stays engaged until a second one does. */
export interface KillSwitchReleaseProposed {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Principal that proposed it. */
  readonly proposedBy: string;
  /** End of the proposal's validity. */
  readonly expiresAt: number;
}

/** A person is asked to consider a kill switch. Nothing is engaged. */
export interface KillSwitchSuggested {
  /** Series: <tenant>/<metric>/<subject>. Key of the topic. */
  readonly seriesId: string;
  /** Tenant of the anomaly. */
  readonly tenantId: string;
  /** The anomaly; UUID. */
  readonly anomalyId: string;
  /** Scope of the kill switch, such as tool:acme/pay. */
  readonly scope: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** A label that the rules saw, and where it came from. */
export interface LabelSource {
  /** The label, such as untrusted. */
  readonly label: string;
  /** declared by the caller, found in the text, or output of a tool. */
  readonly source: string;
  /** Id of the command or call of the session that brought it; null for the command itself. */
  readonly origin: string | null;
}

/** A command waits until the unused leases of other places have been returned. It carries the command. */
export interface LeaseAwaited {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** Number of the question among those of its place, from 1. It keeps its number when it is asked again. */
  readonly number: number;
  /** Key of the command. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing, byte for byte as it was read. */
  readonly command: AnyRecord;
  /** Answer of the external policy engine, which came before; null when there is none. */
  readonly engine: EngineAnswer | null;
  /** Chain of the command. */
  readonly chain: CommandChain;
  /** Tokens that the command can use at most. */
  readonly tokens: number;
  /** Money that the command can use at most. */
  readonly cost: string;
  /** Answer of the outside classifier; null when there is none. */
  readonly classifier: ClassifierAnswer | null;
}

/** A command is to ask again: too many others wait. */
export interface LeaseDeferred {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** Number of the question among those of its place, from 1. It keeps its number when it is asked again. */
  readonly number: number;
}

/** A place gave the unused part of its lease back, and keeps none until the next answer. */
export interface LeaseGivenBack {
  /** Place that holds the lease, such as demo/3; key of the topic. */
  readonly place: string;
  /** Tokens given back; may be 0. */
  readonly tokens: number;
  /** Money given back. */
  readonly cost: string;
}

/** A part of the budget of a tenant was leased to a place, which reserves requests from it. */
export interface LeaseGranted {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** Number of the question that it answers; null for a lease ahead of commands. */
  readonly number: number | null;
  /** Tokens leased. */
  readonly tokens: number;
  /** Money leased. */
  readonly cost: string;
  /** Tokens that the place may keep unused; 0 while the budget is scarce. */
  readonly tokensKept: number;
  /** Money that the place may keep unused. */
  readonly costKept: string;
  /** Day of UTC on which it is leased, such as 2026-11-25. No use is spent on an earlier day from then on. */
  readonly day: string;
}

/** A symbol that this version does not know is read as `again`. */
export type LeaseOutcome = 'granted' | 'refused' | 'again';

/** The unused lease of a place was recalled. */
export interface LeaseRecalled {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
}

/** The answer of the ledger to a question of a place; the amount is 0 for a refusal. */
export interface LeaseReceived {
  /** Place that holds the lease, such as demo/3; key of the topic. */
  readonly place: string;
  /** Key of the command that waited for it; null for none. */
  readonly subjectId: string | null;
  /** Tokens leased. */
  readonly tokens: number;
  /** Money leased. */
  readonly cost: string;
  /** Tokens that the place may keep unused; 0 while the budget is scarce. */
  readonly tokensKept: number;
  /** Money that the place may keep unused. */
  readonly costKept: string;
  /** Time of the command, or of the question. */
  readonly at: number;
  /** True when it was held against the prepaid credit of the tenant: requests of the place may draw on it from now on. */
  readonly prepaid: boolean;
}

/** A command that waited or was deferred was refused: the budget has too little left. */
export interface LeaseRefused {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** Number of the question among those of its place, from 1. It keeps its number when it is asked again. */
  readonly number: number;
}

/** A place asked the ledger of its tenant for a part of the budget. */
export interface LeaseRequested {
  /** Place that holds the lease, such as demo/3; key of the topic. */
  readonly place: string;
  /** Number of the question of a command; null for one ahead of commands. */
  readonly number: number | null;
  /** Key of the command that waits for the answer; null for none. */
  readonly subjectId: string | null;
  /** Unused tokens that the place returned with it. */
  readonly tokensReturned: number;
  /** Unused money that the place returned with it. */
  readonly costReturned: string;
}

/** A place returned an unused part of its lease. */
export interface LeaseReturned {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** Tokens returned. */
  readonly tokens: number;
  /** Money returned. */
  readonly cost: string;
  /** True for the answer to a recall: the place holds nothing unused. */
  readonly recalled: boolean;
}

/** A request has ended: what it used is spent, and the lease of its place shrinks. */
export interface LeaseSettled {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** used: a model was asked; unused: the request used nothing. */
  readonly outcome: BudgetOutcome;
  /** Tokens spent. */
  readonly tokens: number;
  /** Money spent. */
  readonly cost: string;
  /** Tokens by which the lease shrank. */
  readonly tokensReleased: number;
  /** Money by which the lease shrank. */
  readonly costReleased: string;
  /** Day of UTC on which it is spent, such as 2026-11-25; never a day before the latest. */
  readonly day: string;
  /** Part of the cost that was drawn from the prepaid credit; null for a request that drew on none. */
  readonly costDrawn: string | null;
}

/** One leg of a ledger transaction: what it moves on one account. */
export interface LedgerLeg {
  /** Account, such as tenant:acme:payable, platform:revenue or publisher:acme:payable. */
  readonly account: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Debit above zero, credit below. The legs of a transaction add up to zero in each currency. */
  readonly amount: string;
}

/** What a ledger transaction charges for. A correction takes the lines before it back, each with the opposite sign. */
export interface LedgerLine {
  /** tokens, prompt_tokens, completion_tokens, tool_calls, job_steps, installs or runs; <meter>.tiers for the difference that tiers make. */
  readonly meter: string;
  /** Model, tool or capsule; * for a step of a job. */
  readonly resource: string;
  /** Units of the meter. */
  readonly quantity: number;
  /** Price of a million tokens, or of one call or step; null where the cost was metered. */
  readonly unitPrice: string | null;
  /** ISO 4217. */
  readonly currency: string;
  /** Amount of the line. */
  readonly amount: string;
}

/** A posted transaction: a charge, the difference that a correction or a later report makes, or a reversal. */
export interface LedgerPosted {
  /** The charge: the request, the call of a tool, the step of a job, <job>/<branch>/<name>/<nth>, an install, <install>@<decision>, the run of a capsule, <install>/runs/<run>, a top-up, top-ups/<top-up>, what a request draws from prepaid credit, <request>/draw, or what a month counts of a price with tiers, tiers/<tenant>/<month>/<version>/<meter>/<resource>. Key of the topic. */
  readonly chargeId: string;
  /** The ledger transaction; derived from its cause, so that a replay gives the same. */
  readonly transactionId: string;
  /** Tenant that pays. */
  readonly tenantId: string;
  /** charge, adjustment, reversal, install, run, tier: the difference that tiers of prices make in a month, top_up, or draw: a part of a charge that prepaid credit pays. */
  readonly kind: string;
  /** Posted legs; they add up to zero in each currency. Empty when a later report changes nothing. */
  readonly legs: readonly LedgerLeg[];
  /** Lines that it charges, or takes back. */
  readonly lines: readonly LedgerLine[];
  /** The lines of the whole charge from now on; empty after a reversal. */
  readonly total: readonly LedgerLine[];
  /** Pending legs that end with it, each with the opposite sign. */
  readonly released: readonly LedgerLeg[];
  /** Pending transaction that ends with it; null for none. */
  readonly settles: string | null;
  /** Posted transaction before it on this charge; null for the first. */
  readonly corrects: string | null;
  /** Id of the record that caused it. */
  readonly causeId: string;
  /** Version of the prices; 0 where the cost was metered. */
  readonly priceVersion: number;
  /** The whole use of the charge from now on. */
  readonly use: MeteredUse;
  /** 0 for use that was metered, 1 for a correction: a correction holds against every report. */
  readonly rank: number;
  /** Time of use. */
  readonly usedAt: number;
  /** Time of the report or correction; the last one holds. */
  readonly reportedAt: number;
  /** Session of the use; null outside of any. */
  readonly sessionId: string | null;
  /** Principal of a correction; null otherwise. */
  readonly by: string | null;
  /** Reason of a correction; null otherwise. */
  readonly reason: string | null;
  /** The whole charge as it was before; null for the first transaction. */
  readonly replaces: ReplacedCharge | null;
}

/** A pending transaction: an allowed request holds this amount until its use is posted, or until it is void. */
export interface LedgerReserved {
  /** The charge: the request, the call of a tool, or the step of a job, <job>/<branch>/<name>/<nth>. Key of the topic. */
  readonly chargeId: string;
  /** The ledger transaction; derived from its cause, so that a replay gives the same. */
  readonly transactionId: string;
  /** Tenant that pays. */
  readonly tenantId: string;
  /** Pending legs; they add up to zero in each currency. */
  readonly legs: readonly LedgerLeg[];
  /** Id of the record that caused it: BudgetReserved. */
  readonly causeId: string;
  /** Void then without a posting. */
  readonly expiresAt: number;
}

/** A pending transaction ended without a posting. */
export interface LedgerVoided {
  /** The charge: the request, the call of a tool, or the step of a job, <job>/<branch>/<name>/<nth>. Key of the topic. */
  readonly chargeId: string;
  /** Tenant that pays. */
  readonly tenantId: string;
  /** The pending transaction. */
  readonly transactionId: string;
  /** Its legs, each with the opposite sign. */
  readonly legs: readonly LedgerLeg[];
  /** unused or expired. */
  readonly reason: string;
  /** Id of the record that caused it. */
  readonly causeId: string;
}

/** Say how one memory is related to another. */
export interface LinkMemories {
  /** The memory; UUID. Key of the topic. */
  readonly memoryId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as memory:remember:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Space of the memory, a name in its tenant, such as shared or session.<session id>. */
  readonly space: string;
  /** The other memory; UUID. */
  readonly toId: string;
  /** How they are related, such as supports or contradicts. */
  readonly relation: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** A part of the journal for a run. */
export interface LoadJobEntries {
  /** <job_id>/journal. Key of the topic. */
  readonly pageKey: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Number of the part, from 0. */
  readonly page: number;
  /** Entries, in the order in which they were kept. */
  readonly entries: readonly JobEntry[];
}

/** A record of the log: its id, and the place where it was read. */
export interface LogRecord {
  /** ce_id of the record; UUID. */
  readonly recordId: string;
  /** Topic of the record. */
  readonly topic: string;
  /** Partition of the record. */
  readonly partition: number;
  /** Offset of the record; -1 where it is not known. */
  readonly offset: number;
}

/** The memory is in no later recall. */
export interface MemoryForgotten {
  /** The memory; UUID. Key of the topic. */
  readonly memoryId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Call of the tool khipu.memory that asked; null for a command. */
  readonly callId: string | null;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Decision that allowed it; null for a call of a tool, which runs under one of its own. */
  readonly decisionId: string | null;
}

/** One memory is related to another. */
export interface MemoryLinked {
  /** The memory; UUID. Key of the topic. */
  readonly memoryId: string;
  /** The other memory; UUID. */
  readonly toId: string;
  /** How they are related, such as supports or contradicts. */
  readonly relation: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Decision that allowed it; null for a call of a tool, which runs under one of its own. */
  readonly decisionId: string | null;
}

/** A command was refused; nothing changed. */
export interface MemoryRefused {
  /** The memory; UUID. Key of the topic. */
  readonly memoryId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** The text is kept. */
export interface MemoryRemembered {
  /** The memory; UUID. Key of the topic. */
  readonly memoryId: string;
  /** Tenant of the memory; for every other tenant there is none. */
  readonly tenantId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Call of the tool khipu.memory that asked; null for a command. */
  readonly callId: string | null;
  /** Space of the memory, a name in its tenant, such as shared or session.<session id>. */
  readonly space: string;
  /** Text of the memory. */
  readonly text: string;
  /** Where the text comes from, in the words of its author; null when it does not say. */
  readonly source: string | null;
  /** Tags that recalls filter by; at most 16. */
  readonly tags: readonly string[];
  /** Names and values that recalls filter by; at most 16. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Time from which the text is true; null for always. */
  readonly validFrom: number | null;
  /** Time from which the text is not true any more; null for no end. */
  readonly validTo: number | null;
  /** Ids of memories of the space that this one takes the place of; at most 16. */
  readonly supersedes: readonly string[];
  /** Labels that were declared of the text, found in it, or those of integrity and confidentiality of the session that it comes from. */
  readonly labels: readonly string[];
  /** sha256 of the text, hex. */
  readonly digest: string;
  /** Decision that allowed it; null for a call of a tool, which runs under one of its own. */
  readonly decisionId: string | null;
}

/** Use, as it is rated. */
export interface MeteredUse {
  /** model, tool, step, install, run, tier, top_up or draw. */
  readonly kind: string;
  /** Model, tool or capsule; * for a step of a job. */
  readonly resource: string;
  /** Tokens of prompts. */
  readonly promptTokens: number;
  /** Tokens of answers. */
  readonly completionTokens: number;
  /** Calls, steps, installs or runs; units of a month for a tier; 0 for use of a model. */
  readonly calls: number;
  /** Cost as it was metered, for use without a price. */
  readonly cost: string;
  /** Currency of that cost; ISO 4217. */
  readonly currency: string;
}

/** A tool that a model may ask for. */
export interface ModelTool {
  /** 1 to 64 letters, digits, _ and -. */
  readonly name: string;
  /** What it does, for the model; may be empty. */
  readonly description: string;
  /** JSON Schema of its arguments, JSON. */
  readonly parameters: string;
}

/** A call of a tool that a model asks for. Nothing has been called yet. */
export interface ModelToolCall {
  /** Names the call within the conversation; chosen by the model or its provider. */
  readonly id: string;
  /** The tool, by the name that the model was given. */
  readonly name: string;
  /** Arguments as the model wrote them: JSON, not checked against the schema of the tool. */
  readonly arguments: string;
}

/** The findings of moderation in one text. */
export interface ModeratedText {
  /** Length of the text, in UTF-16 code units. */
  readonly chars: number;
  /** Ids of the rules that match it, in the order of the document. */
  readonly matched: readonly string[];
  /** Every finding in it, of moderation and of label rules. */
  readonly findings: readonly Finding[];
}

/** Ask which moderation rules of the constitution match texts. The texts are classified, not refused. */
export interface ModerateText {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as slm:moderate. */
  readonly capabilities: readonly string[];
  /** Texts; 1 to 64. */
  readonly input: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
}

/** What the moderation rules of a constitution find in texts. */
export interface ModerationReport {
  /** Every moderation rule, in the order of the document. */
  readonly rules: readonly AppliedRule[];
  /** One entry a text, in the order of the command. */
  readonly texts: readonly ModeratedText[];
}

/** Something that answers depend on has changed, for the golden sets that have it as a trigger. */
export interface NoteChange {
  /** What has changed, such as persona:demo:clerk. Key of the topic. */
  readonly subject: string;
  /** persona, tool, memory or constitution. */
  readonly cause: string;
  /** Tenant that it is for; null for every tenant. */
  readonly tenantId: string | null;
  /** Name of the persona or the tool, space of the memory, or version of the constitution. */
  readonly name: string;
  /** What it is now: a version or a digest. */
  readonly version: string;
}

/** An operation was refused or failed. */
export interface OperationRefused {
  /** The request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** What the rules of a constitution found in an output above 64 KiB, which the worker checks as a whole before it keeps it. */
export interface OutputCheck {
  /** Version of the constitution in force when the output was checked. */
  readonly constitutionVersion: string;
  /** sha256 of its canonical JSON, hex. */
  readonly constitutionDigest: string;
  /** What its rules found. One that forbids withholds the output: nothing of it is kept. */
  readonly findings: readonly Finding[];
}

/** Let no further step of a job begin until it is resumed. */
export interface PauseJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** finish_step: the running step ends first. stop: it is aborted, and run again later. */
  readonly mode: string;
}

/** Make no run of a schedule until it is resumed. */
export interface PauseSchedule {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** The current state of one persona; compaction keeps the latest record. */
export interface Persona {
  /** The persona, persona:<tenant>:<name>; * in place of the tenant for one of the platform. Key of the topic. */
  readonly entryId: string;
  /** Tenant that it belongs to; null for one of the platform, which every tenant may use. */
  readonly tenantId: string | null;
  /** Counts its changes, from 1: the ETag. */
  readonly version: number;
  /** Its name. A persona of a tenant takes the place of one of the platform with the same name. */
  readonly name: string;
  /** Purpose, in one sentence for a person. */
  readonly description: string;
  /** Instructions to the model: the system message of a turn. At most 2,000 bytes of UTF-8. */
  readonly instructions: string;
  /** Model of sessions that name none; null for the default of the platform. */
  readonly model: string | null;
  /** Sampling temperature from 0 to 2, for requests that name none; 0 is greedy. */
  readonly temperature: number;
  /** Upper bound of an answer, in tokens, for requests that name none; null for the default of the platform. */
  readonly maxTokens: number | null;
  /** A removed persona answers no turn; it is kept so that its version continues. */
  readonly status: PersonaStatus;
}

/** A persona was created or changed. */
export interface PersonaDefined {
  /** The persona, persona:<tenant>:<name>; * in place of the tenant for one of the platform. Key of the topic. */
  readonly entryId: string;
  /** The current persona. */
  readonly persona: Persona;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** A change of a persona was refused; nothing changed. */
export interface PersonaRefused {
  /** The persona, persona:<tenant>:<name>; * in place of the tenant for one of the platform. Key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code: CAPABILITY_MISSING, PRECONDITION_FAILED, ALREADY_EXISTS, PERSONA_UNKNOWN, PERSONA_INVALID, ENTRY_INVALID. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Current version; 0 when there is none that the asking principal may see. */
  readonly version: number;
}

/** A persona was removed. */
export interface PersonaRemoved {
  /** The persona, persona:<tenant>:<name>; * in place of the tenant for one of the platform. Key of the topic. */
  readonly entryId: string;
  /** The removed persona. */
  readonly persona: Persona;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** A symbol that this version does not know is read as `removed`. */
export type PersonaStatus = 'active' | 'removed';

/** The verdict on one governed command, with all that is needed to decide it again. It carries the command. */
export interface PolicyDecided {
  /** Key of the command that was decided, and of this topic. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** Full name of the command's record. */
  readonly commandType: string;
  /** The command, in Confluent framing, byte for byte as it was read. */
  readonly command: AnyRecord;
  /** The verdict. */
  readonly decision: DecisionSummary;
  /** Every feature of the score. */
  readonly features: readonly FeatureScore[];
  /** Asking principal. */
  readonly principal: string;
  /** Version of the evaluator: the same version, input and constitution give the same verdict. */
  readonly evaluatorVersion: string;
  /** Budget that it is held against; null when its tenant has none, or the constitution denies the command. */
  readonly budget: BudgetClaim | null;
  /** Labels of the command: what its caller declared, and what the constitution found in its text. */
  readonly labels: readonly string[];
  /** History of its session before the command; null when the constitution asks for none, or the command belongs to no session. */
  readonly history: SessionHistory | null;
  /** Answer of the external policy engine; null when there is none. */
  readonly engine: EngineAnswer | null;
  /** Findings in the texts that the command asks to classify; null for every other command, and when it is denied. */
  readonly moderation: ModerationReport | null;
  /** Persona of the command; null when it names none, when no constitution was evaluated, and before personas were records. */
  readonly persona: DecidedPersona | null;
  /** Answer of the outside classifier; null when there is none. */
  readonly classifier: ClassifierAnswer | null;
  /** What the rules of the constitution found in the text of the command, in the order of the document. */
  readonly findings: readonly Finding[];
  /** Labels that the rules saw, of the command and its session, and where each came from; empty where the constitution asks for none. */
  readonly flow: readonly LabelSource[];
  /** Approvals of people that an allowed call needs; null for none. */
  readonly approval: ApprovalRequirement | null;
}

/** The external policy engine answered a command, or gave no answer. Policy decides on it. It carries the command. */
export interface PolicyEngineAnswered {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing, as the question carried it. */
  readonly command: AnyRecord;
  /** The answer. */
  readonly answer: EngineAnswer;
  /** Answer of the outside classifier; null when there is none. */
  readonly classifier: ClassifierAnswer | null;
}

/** Price of one meter of a resource. */
export interface Price {
  /** prompt_tokens, completion_tokens, tool_calls or job_steps. */
  readonly meter: string;
  /** Model or tool, <tenant>/<name>; * for every one that has no price of its own. */
  readonly resource: string;
  /** Of a million tokens, with at most three digits behind the point; of one call or step. With tiers, that of the first units. */
  readonly unitPrice: string;
  /** Prices of further units; null for one price of all. */
  readonly tiers: PriceTiers | null;
}

/** A change of prices was refused; nothing changed. */
export interface PricesRefused {
  /** The table of prices: prices. Key of the topic. */
  readonly bookId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code: CAPABILITY_MISSING, PRECONDITION_FAILED, PRICES_INVALID. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Last version; 0 when there is none or the asking principal may not see it. */
  readonly version: number;
}

/** The prices have a further version. */
export interface PricesSet {
  /** The table of prices: prices. Key of the topic. */
  readonly bookId: string;
  /** Number of the version, from 1. */
  readonly version: number;
  /** Time of use from which they hold. */
  readonly effectiveFrom: number;
  /** ISO 4217. */
  readonly currency: string;
  /** All prices of the version. */
  readonly prices: readonly Price[];
  /** Why the prices changed. */
  readonly note: string;
  /** Principal that set them. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** A price from a number of units on. */
export interface PriceStep {
  /** It holds for the units of a month above this number; above zero. */
  readonly above: number;
  /** Of a million tokens, with at most three digits behind the point; of one call or step. */
  readonly unitPrice: string;
}

/** Prices that depend on how much of a price a tenant uses in a month of UTC. */
export interface PriceTiers {
  /** graduated: each unit has the price of its own step. volume: all units have the price of the step that the month reaches. */
  readonly mode: string;
  /** 1 to 20, ascending. */
  readonly steps: readonly PriceStep[];
}

/** One version of the prices, for readers that hold all. */
export interface PriceVersion {
  /** prices/<version>. Key of the topic. */
  readonly versionId: string;
  /** Number of the version, from 1. */
  readonly version: number;
  /** Time of use from which they hold. */
  readonly effectiveFrom: number;
  /** ISO 4217. */
  readonly currency: string;
  /** All prices of the version. */
  readonly prices: readonly Price[];
  /** Why the prices changed. */
  readonly note: string;
}

/** The current state of one user or service account; compaction keeps the latest record. */
export interface Principal {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Tenant that it belongs to. */
  readonly tenantId: string;
  /** Counts its changes, from 1: the ETag. */
  readonly version: number;
  /** user: a person; service_account: a program; unknown: a kind that this reader does not know. */
  readonly kind: PrincipalKind;
  /** Its id within tenant and kind; of a user the sub of its access tokens. */
  readonly principalId: string;
  /** Display name. */
  readonly name: string;
  /** Unless active, it is refused at every gateway, with any credential. */
  readonly status: PrincipalStatus;
  /** Names of its roles. A role that does not exist grants nothing. */
  readonly roles: readonly string[];
}

/** A user or a service account was created or changed. */
export interface PrincipalDefined {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The current user or service account. */
  readonly subject: Principal;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** A symbol that this version does not know is read as `unknown`. */
export type PrincipalKind = 'user' | 'service_account' | 'unknown';

/** A user or a service account was removed. */
export interface PrincipalRemoved {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The removed user or service account. */
  readonly subject: Principal;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** A symbol that this version does not know is read as `disabled`. */
export type PrincipalStatus = 'active' | 'disabled' | 'removed';

/** A tool as a function of a program. */
export interface ProgramFunction {
  /** Name of the function. */
  readonly name: string;
  /** Names of its arguments, in the order in which they are taken by position. */
  readonly parameters: readonly string[];
}

/** A program waits for a call, or has ended. */
export interface ProgramSegmentEnded {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** The request; <run_id>/<step>. */
  readonly requestId: string;
  /** Number of the segment, from 1: the program up to its next call. */
  readonly step: number;
  /** paused, completed or failed. */
  readonly outcome: string;
  /** Function that it calls; null unless it is paused. */
  readonly function: string | null;
  /** Arguments of the call, a JSON object; null unless it is paused. */
  readonly arguments: string | null;
  /** State of the program at its last call: base64, or the name of a content (RFC 6920) above 64 KiB; null unless it is paused. */
  readonly snapshot: string | null;
  /** Value of its last expression, JSON; null unless it completed with one. */
  readonly value: string | null;
  /** What it printed in this segment, cut at 8 KiB. */
  readonly printed: string;
  /** Stable code of a failure; null for any other outcome. */
  readonly code: string | null;
  /** One sentence for a person. */
  readonly detail: string;
  /** Interpreter, and the walls around it. */
  readonly interpreter: string;
  /** Time of the segment, in ms. */
  readonly latencyMs: number;
}

/** Propose a constitution. Not governed: it must work when no constitution can be verified. */
export interface ProposeConstitution {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** The unsigned document, JSON. */
  readonly document: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:propose. */
  readonly capabilities: readonly string[];
}

/** Create a golden set, or replace it by another version. */
export interface PutGoldenSet {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as evaluations:manage. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Version that the change is for; 0 creates the golden set, null takes any version. */
  readonly expectedVersion: number | null;
  /** Purpose, in one sentence. */
  readonly description: string;
  /** Persona that it is for. */
  readonly persona: string;
  /** The document of this version, JSON. */
  readonly content: ContentName;
  /** Number of its cases. */
  readonly cases: number;
  /** Tools that its cases may call; none for answers of the model alone. */
  readonly tools: readonly string[];
  /** Changes that start a run: model, persona, tool, memory or constitution. */
  readonly triggers: readonly string[];
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** A symbol that this version does not know is read as `batch`. */
export type QosLane = 'interactive' | 'batch';

/** Refuse calls of a tool: a call found that its server describes it otherwise than its signed manifest. */
export interface QuarantineTool {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Place of the tool, where its registry keeps it. */
  readonly place: string;
  /** sha256 of the canonical manifest of the call, hex. */
  readonly digest: string;
  /** Stable code of the reason. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The call that found it; UUID. */
  readonly callId: string;
}

/** The calls of a tool in a minute that a further call found spent. */
export interface RateShortfall {
  /** Calls in a minute that the manifest allows, of all callers. */
  readonly perMinute: number;
  /** Time from the event to the next minute of the tool, in ms. */
  readonly waitMs: number;
}

/** Ask for the dead letters of the platform. Nothing changes. */
export interface ReadDeadLetters {
  /** The request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Only letters of this topic; null for every topic. */
  readonly topic: string | null;
  /** Only letters of this reader; null for every reader. */
  readonly processor: string | null;
  /** Only letters with this code; null for every code. */
  readonly code: string | null;
  /** True to include letters that were redriven or dropped. */
  readonly settled: boolean;
  /** Maximum number of letters, the newest first. */
  readonly limit: number;
}

/** Memories that were recalled for a turn: an input of the decision, so that the decision can be made again without recalling. */
export interface RecallAnswer {
  /** recalled; or unavailable: the memories could not be read, and the turn is refused. */
  readonly outcome: string;
  /** The nearest first; fewer than were asked for where no more are there, or no more fit. */
  readonly memories: readonly RecalledMemory[];
  /** Model that made the vectors; empty when nothing was compared. */
  readonly model: string;
  /** Number of memories that were compared. */
  readonly compared: number;
  /** Cause of a missing answer, for a person; empty otherwise. */
  readonly detail: string;
}

/** Memories were recalled for a turn, or could not be. Policy decides on the turn with them. It carries the command. */
export interface RecallAnswered {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing, as it was asked about. */
  readonly command: AnyRecord;
  /** The answer. */
  readonly answer: RecallAnswer;
}

/** A memory that was recalled for a turn. */
export interface RecalledMemory {
  /** The memory; UUID. */
  readonly memoryId: string;
  /** Space of the memory. */
  readonly space: string;
  /** sha256 of its whole text, hex. */
  readonly digest: string;
  /** Its text. */
  readonly text: string;
  /** Labels of the memory: those of the turn as well. */
  readonly labels: readonly string[];
  /** Cosine of its vector and that of the prompt, from -1 to 1. */
  readonly score: number;
}

/** A memory that an answer was made with, by name. */
export interface RecalledName {
  /** The memory; UUID. */
  readonly memoryId: string;
  /** sha256 of its text, hex. */
  readonly digest: string;
}

/** A place is to return what it holds unused: another needs it, or nothing is left to lease ahead. */
export interface RecallLease {
  /** Place that holds the lease, such as demo/3; key of the topic. */
  readonly place: string;
}

/** The memories that an answer was made with. */
export interface RecallTrace {
  /** The nearest first. */
  readonly memories: readonly RecalledName[];
  /** Labels of them: those of the answer as well. */
  readonly labels: readonly string[];
}

/** Record how far the handler of a run is. */
export interface RecordJobProgress {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** 0 to 100; null when it is not known. */
  readonly percent: number | null;
  /** One line for a person. */
  readonly message: string;
}

/** Record the result of a step of a run. */
export interface RecordJobStep {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** The result. */
  readonly entry: JobEntry;
}

/** Record that the handler of a run waits. */
export interface RecordJobWait {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** What it waits for. */
  readonly wait: JobWait;
}

/** A job gets no slot, and fails. */
export interface RefuseJobSlot {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Place of the job, such as demo/3. */
  readonly place: string;
  /** Number of the request that asked for it. */
  readonly request: number;
  /** Stable code: JOB_QUEUE_FULL or JOB_SINGLETON. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** Register a tool of the tenant by its signed manifest. */
export interface RegisterTool {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as tool:admin. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** The signed manifest: a DSSE envelope, JSON. */
  readonly envelope: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** A job gives back its slot, or no longer waits for one: it has ended, or is held. */
export interface ReleaseJobSlot {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Number of the request that asked for it. */
  readonly request: number;
}

/** Release a switch, or propose its release where two principals are needed. */
export interface ReleaseKillSwitch {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as kill-switch:set:global. */
  readonly capabilities: readonly string[];
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** Keep a text in a space of memories. */
export interface RememberMemory {
  /** The memory; UUID. Key of the topic. */
  readonly memoryId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as memory:remember:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Space of the memory, a name in its tenant, such as shared or session.<session id>. */
  readonly space: string;
  /** Text of the memory. */
  readonly text: string;
  /** Where the text comes from, in the words of its author; null when it does not say. */
  readonly source: string | null;
  /** Tags that recalls filter by; at most 16. */
  readonly tags: readonly string[];
  /** Names and values that recalls filter by; at most 16. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Time from which the text is true; null for always. */
  readonly validFrom: number | null;
  /** Time from which the text is not true any more; null for no end. */
  readonly validTo: number | null;
  /** Ids of memories of the space that this one takes the place of; at most 16. */
  readonly supersedes: readonly string[];
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Remove a golden set. */
export interface RemoveGoldenSet {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as evaluations:manage. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Version that the change is for; 0 creates the golden set, null takes any version. */
  readonly expectedVersion: number | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Remove a persona. New turns with it are refused. */
export interface RemovePersona {
  /** The persona, persona:<tenant>:<name>; * in place of the tenant for one of the platform. Key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound whose personas may be managed. */
  readonly capabilities: readonly string[];
  /** 0 requires that the persona does not exist; any other number is the version to change; null changes any existing version. */
  readonly expectedVersion: number | null;
}

/** Remove a user or a service account. Its API keys and session tokens are refused. */
export interface RemovePrincipal {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound what may be managed and what may be granted. */
  readonly capabilities: readonly string[];
  /** 0 requires that the entry does not exist; any other number is the version to change; null changes any existing version. */
  readonly expectedVersion: number | null;
}

/** Remove a role. Its holders lose its capabilities. */
export interface RemoveRole {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound what may be managed and what may be granted. */
  readonly capabilities: readonly string[];
  /** 0 requires that the entry does not exist; any other number is the version to change; null changes any existing version. */
  readonly expectedVersion: number | null;
}

/** Remove a schedule. Its running jobs go on. */
export interface RemoveSchedule {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
}

/** Remove a template with all its versions. */
export interface RemoveTemplate {
  /** The template: <tenant>/<namespace>.<name>. Key of the topic. */
  readonly templateId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as workflows:import. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Remove a tool; running calls end. */
export interface RemoveTool {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as tool:admin. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Version that is removed; null for any. */
  readonly expectedVersion: number | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** A charge before the transaction that replaces it. */
export interface ReplacedCharge {
  /** Its lines. */
  readonly total: readonly LedgerLine[];
  /** Version of its prices. */
  readonly priceVersion: number;
  /** Its time of use. */
  readonly usedAt: number;
}

/** A job asks for a slot of its concurrency key. */
export interface RequestJobSlot {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Number of the request of this job, from 1. */
  readonly request: number;
  /** interactive, standard or batch. */
  readonly lane: string;
  /** Limits of the key, as the job was accepted with them. */
  readonly limits: JobLimits;
  /** What it brings to a batch; null for a job that runs alone, and for one whose batch has begun. */
  readonly batch: JobBatchItem | null;
}

/** The form that an answer must have. */
export interface ResponseFormat {
  /** json_object: any JSON object; json_schema: JSON of the schema; unknown: a form that this reader does not know, which no model is asked for. */
  readonly kind: ResponseKind;
  /** Name of the schema, which some models are shown; null for json_object. */
  readonly name: string | null;
  /** Description of the schema, which some models are shown. */
  readonly description: string | null;
  /** JSON Schema as JSON text; null for json_object. */
  readonly schema: string | null;
  /** True: the answer must be valid under the schema, so the model is to be constrained to it. */
  readonly strict: boolean;
}

/** A symbol that this version does not know is read as `unknown`. */
export type ResponseKind = 'json_object' | 'json_schema' | 'unknown';

/** How a turn was asked for as a response of the OpenAI API: what its answer is shown with. */
export interface ResponseRequest {
  /** Turn of the response that it continues; null without one. */
  readonly previousTurnId: string | null;
  /** True for a turn of a conversation: its items are items of the session. */
  readonly inConversation: boolean;
  /** False: the read model does not show it. The log keeps it. */
  readonly stored: boolean;
  /** True: it goes on when its client is gone. */
  readonly background: boolean;
  /** Its input items with their ids, as a JSON array. */
  readonly items: string;
  /** The parameters that an answer repeats, such as instructions and tools, as a JSON object. */
  readonly parameters: string;
}

/** Let a job that is paused or suspended go on. */
export interface ResumeJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Let a paused schedule go on with its next due time. */
export interface ResumeSchedule {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as schedules:control. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Run a job that has failed, or is dead, again from its journal: its finished steps are not run again. */
export interface RetryJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** A place returns the unused part of its lease: it was recalled, or idle. */
export interface ReturnLease {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** Tokens returned; may be 0. */
  readonly tokens: number;
  /** Money returned. */
  readonly cost: string;
  /** True for the answer to RecallLease: the place holds nothing unused. */
  readonly recalled: boolean;
}

/** Approve or reject a capsule that was submitted. */
export interface ReviewCapsule {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as capsules:publish. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** approve or reject. */
  readonly outcome: string;
  /** Findings, for the audit. */
  readonly note: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Timer: a reservation has expired, or a charge takes no further reports. */
export interface ReviewCharge {
  /** The charge: the request, the call of a tool, or the step of a job, <job>/<branch>/<name>/<nth>. Key of the topic. */
  readonly chargeId: string;
}

/** Approve or reject a proposed constitution. */
export interface ReviewConstitution {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** Digest of the reviewed document; another one is refused. */
  readonly digest: string;
  /** approve counts towards publication, reject ends the proposal. */
  readonly verdict: ReviewVerdict;
  /** Comment in one sentence; may be empty. */
  readonly comment: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:review. */
  readonly capabilities: readonly string[];
}

/** A lease may be idle, or a reservation may have expired: look at both. */
export interface ReviewLease {
  /** Place that holds the lease, such as demo/3; key of the topic. */
  readonly place: string;
}

/** Timer: an hour of a series has ended. */
export interface ReviewSeries {
  /** Series: <tenant>/<metric>/<subject>. Key of the topic. */
  readonly seriesId: string;
}

/** A symbol that this version does not know is read as `reject`. */
export type ReviewVerdict = 'approve' | 'reject';

/** Decide again on a call that waits for an approval, because an approver edited its arguments. */
export interface ReviseToolCall {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as tool:execute:mail. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Arguments, canonical JSON. */
  readonly arguments: string;
  /** Effect of the manifest that the caller chose: read, write or irreversible. */
  readonly effect: string;
  /** Most that the call may cost, in the currency of the platform. */
  readonly costMax: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** A revocation was refused; nothing changed. */
export interface RevocationRefused {
  /** Requested scope; key of the topic. */
  readonly scope: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code: REVOCATION_SCOPE_INVALID, CAPABILITY_MISSING. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** Revoke an API key and its previous secret. */
export interface RevokeApiKey {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound what may be managed and what may be granted. */
  readonly capabilities: readonly string[];
  /** 0 requires that the entry does not exist; any other number is the version to change; null changes any existing version. */
  readonly expectedVersion: number | null;
}

/** End a grant before its time. */
export interface RevokeApprovalGrant {
  /** The grant; UUID. Key of the topic. */
  readonly grantId: string;
  /** Session whose calls it covers; outside sessions, the scope of the grants of a caller for a tool. */
  readonly scopeId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as approval:decide. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Stop a capsule by its digest, in every install. */
export interface RevokeCapsule {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as capsules:publish. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Revoke the session tokens of a scope that were issued until now. Not governed: it must work when no constitution can be verified. */
export interface RevokeTokens {
  /** tenant, or session: or principal: and an id, of the caller's tenant; key of the topic. */
  readonly scope: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes revocations:create. */
  readonly capabilities: readonly string[];
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** The current state of one role, a name for capabilities; compaction keeps the latest record. */
export interface Role {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Tenant that it belongs to. */
  readonly tenantId: string;
  /** Counts its changes, from 1: the ETag. */
  readonly version: number;
  /** Its name within the tenant. */
  readonly name: string;
  /** Purpose, in one sentence for a person. */
  readonly description: string;
  /** Capabilities of the role. */
  readonly capabilities: readonly string[];
  /** A removed role grants nothing; it is kept so that its version continues. */
  readonly status: RoleStatus;
}

/** A role was created or changed. */
export interface RoleDefined {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The current role. */
  readonly role: Role;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** A role was removed. */
export interface RoleRemoved {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The removed role. */
  readonly role: Role;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** A symbol that this version does not know is read as `removed`. */
export type RoleStatus = 'active' | 'removed';

/** Return an install to what it ran before. */
export interface RollbackCapsule {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as capsules:publish. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Replace the secret of an API key. */
export interface RotateApiKey {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force: they bound what may be managed and what may be granted. */
  readonly capabilities: readonly string[];
  /** 0 requires that the entry does not exist; any other number is the version to change; null changes any existing version. */
  readonly expectedVersion: number | null;
  /** Slow hash of the new key: scrypt, its cost, salt and hash, base64url. */
  readonly hash: string;
  /** Seconds for which the previous secret stays valid. */
  readonly overlapS: number;
  /** Capabilities of the key, as the gateway knew its owner. The asking principal must have each. */
  readonly grants: readonly string[];
}

/** A request of a run to run its program to its next call. */
export interface RunAgentProgram {
  /** The request; <run_id>/<step>. Key of the topic. */
  readonly callId: string;
  /** The run; UUID. */
  readonly runId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as agents:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Name of the agent. */
  readonly agent: string;
  /** Number of the segment, from 1: the program up to its next call. */
  readonly step: number;
  /** What the program is given: its code before the first call, then the answer of its last call. */
  readonly given: string;
  /** Labels of all that the run has seen so far. */
  readonly labels: readonly string[];
  /** Installed capsule that it runs; null for none. */
  readonly capsule: AgentCapsule | null;
}

/** Run the handler of a job. Written only for a job that a decision allowed. */
export interface RunJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Type of the job, such as inference.batch. */
  readonly type: string;
  /** Version of the handler that the job is pinned to. */
  readonly version: number;
  /** Queue of the workers that have the handler. */
  readonly queue: string;
  /** Input of the handler: JSON, or its name above 64 KiB. */
  readonly input: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Number of parts of the journal that follow for this run. */
  readonly pages: number;
  /** Failed runs before it, plus 1. */
  readonly attempt: number;
  /** Time at which the job fails unless it has ended; null for none. */
  readonly deadline: number | null;
  /** Time at which the job was accepted. */
  readonly acceptedAt: number;
  /** interactive, standard or batch: share of the places of a worker. Also the header khipu_lane. */
  readonly lane: string;
  /** True when the input is an array of the inputs of several starts. */
  readonly isBatch: boolean;
  /** The constitution under which it is simulated: no step is run. Null for a job that runs. */
  readonly simulation: JobSimulation | null;
}

/** A program to run to its next call. Written only under an allowing decision. */
export interface RunProgramSegment {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** The request; <run_id>/<step>. */
  readonly requestId: string;
  /** Number of the segment, from 1: the program up to its next call. */
  readonly step: number;
  /** The program, before its first call; null later. */
  readonly code: string | null;
  /** Value of the variable input, before the first call. */
  readonly input: string;
  /** State of the program at its last call: base64, or the name of a content (RFC 6920) above 64 KiB; null before the first. */
  readonly snapshot: string | null;
  /** Answer of that call, JSON; null before the first call, and for a call that failed. */
  readonly answer: string | null;
  /** Message of the exception that a failed call raises; null for any other. */
  readonly error: string | null;
  /** Tools that it may call. */
  readonly functions: readonly ProgramFunction[];
}

/** Work for the tool worker. Written only under an allowing decision. */
export interface RunToolCall {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** The signed manifest: a DSSE envelope, JSON. */
  readonly envelope: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Arguments, JSON. */
  readonly arguments: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** Chain of the command, where the call waited for an approval; null for the chain of the cause. */
  readonly chain: CommandChain | null;
  /** Purpose: call; check, which compares a tool with its server; connect, which asks a server for what it offers. */
  readonly purpose: string;
  /** Session of the token that asked; null outside sessions. */
  readonly sessionId: string | null;
  /** Labels of the data of the call: declared, found in it, or those of integrity and confidentiality of its session. */
  readonly labels: readonly string[];
}

/** How the caller wants an answer to be sampled, and the tools that it may ask for. */
export interface Sampling {
  /** 0 is greedy; null takes that of the persona. */
  readonly temperature: number | null;
  /** Seed of the sampler; null derives it from the turn. */
  readonly seed: number | null;
  /** Texts that end the answer; the answer does not contain them. */
  readonly stop: readonly string[];
  /** Form of the answer; null for text. */
  readonly responseFormat: ResponseFormat | null;
  /** Tools that the answer may ask for; at most 128. */
  readonly tools: readonly ModelTool[];
  /** auto, none, required, or the name of the tool that the answer must ask for, after function:; null is auto. */
  readonly toolChoice: string | null;
  /** False: the answer asks for at most one call. */
  readonly parallelToolCalls: boolean;
}

/** Past due times wait for their runs. */
export interface ScheduleBackfilled {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Due times, oldest first; those that waited before are not among them. */
  readonly dueTimes: readonly number[];
  /** buffer_all: one after another. allow_all: at once. */
  readonly overlap: string;
  /** Principal that asked for it. */
  readonly requestedBy: string;
  /** Time of the command. */
  readonly requestedAt: number;
  /** Due times that wait for their run after this event. */
  readonly waiting: number;
}

/** A due time waits until no job of the schedule runs. */
export interface ScheduleBuffered {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Due time of the run. */
  readonly dueAt: number;
  /** Due time of its next run; null when there is none. */
  readonly nextDueAt: number | null;
  /** Due times that wait for their run after this event. */
  readonly waiting: number;
}

/** A schedule was created or replaced. */
export interface ScheduleDefined {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Tenant of the schedule; for every other tenant there is none. */
  readonly tenantId: string;
  /** Number of definitions since it was created, from 1. */
  readonly version: number;
  /** Time at which it was created. */
  readonly createdAt: number;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as schedules:control. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** What it starts, and when. */
  readonly spec: ScheduleSpec;
  /** True for a schedule that waits to be resumed. */
  readonly paused: boolean;
  /** Due time of its next run; null when there is none. */
  readonly nextDueAt: number | null;
  /** Due times that wait for their run after this event. */
  readonly waiting: number;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The job that each run of a schedule starts. */
export interface ScheduledJob {
  /** Type of the job, such as inference.batch. */
  readonly type: string;
  /** Input of the handler, JSON. */
  readonly input: string;
  /** interactive, standard or batch. */
  readonly lane: string;
  /** Jobs of the tenant with this key run one after another; null for no such bound. */
  readonly concurrencyKey: string | null;
  /** How failed runs are repeated; null takes that of the type. */
  readonly retry: JobRetry | null;
  /** Time from the start of a job to its deadline, in ms; null for none. */
  readonly deadlineMs: number | null;
  /** Tags to find it by; at most 16. */
  readonly tags: readonly string[];
}

/** A job that the schedule started has ended, or was refused. */
export interface ScheduledJobEnded {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Due time of its run. */
  readonly dueAt: number;
  /** Why its run was made: due, buffered, backfill or trigger. */
  readonly reason: string;
  /** completed, failed, cancelled, refused, or ended for a job that had ended before. */
  readonly outcome: string;
  /** Stable code of a failure or refusal; null when it completed. */
  readonly code: string | null;
  /** Time of its end. */
  readonly endedAt: number;
}

/** A run of the schedule: its job was asked for. Policy decides on the start of the job. */
export interface ScheduleFired {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Due time of the run. */
  readonly dueAt: number;
  /** The job; UUID, derived from the schedule and the due time. */
  readonly jobId: string;
  /** due, buffered, backfill or trigger. */
  readonly reason: string;
  /** Due time of its next run; null when there is none. */
  readonly nextDueAt: number | null;
  /** Due times that wait for their run after this event. */
  readonly waiting: number;
}

/** No due time of the schedule is run until it is resumed. */
export interface SchedulePaused {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Principal that paused it. */
  readonly pausedBy: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** A command was refused; nothing changed. */
export interface ScheduleRefused {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command; null for a command that is not governed. */
  readonly decision: DecisionSummary | null;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
  /** Version of the schedule; 0 when there is none. */
  readonly version: number;
}

/** A schedule was removed. */
export interface ScheduleRemoved {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Principal that removed it. */
  readonly removedBy: string;
}

/** A paused schedule goes on. Due times of the pause are not made up for. */
export interface ScheduleResumed {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Principal that resumed it. */
  readonly resumedBy: string;
  /** Due time of its next run; null when there is none. */
  readonly nextDueAt: number | null;
}

/** A due time is not run. */
export interface ScheduleSkipped {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Due time of the run. */
  readonly dueAt: number;
  /** Time before which all due times from this one on are skipped; null for this one alone. */
  readonly until: number | null;
  /** overlap, buffer_full, catch_up or paused. */
  readonly reason: string;
  /** Due time of its next run; null when there is none. */
  readonly nextDueAt: number | null;
  /** Due times that wait for their run after this event. */
  readonly waiting: number;
}

/** What a schedule starts, and when. */
export interface ScheduleSpec {
  /** The job that each run starts. */
  readonly job: ScheduledJob;
  /** Cron pattern of 5 or 6 fields; null for an interval. */
  readonly cron: string | null;
  /** Time between two due times, in ms; null for a cron pattern. */
  readonly intervalMs: number | null;
  /** A due time of the interval: all others are whole intervals away. */
  readonly anchor: number;
  /** IANA time zone in which the cron pattern is read. */
  readonly timeZone: string;
  /** Run that comes due while a job of the schedule runs: skip, buffer_one, buffer_all, cancel_other or allow_all. */
  readonly overlap: string;
  /** Longest time by which a missed run is late and still made, in ms; older ones are skipped. */
  readonly catchUpMs: number;
  /** Upper bound of the delay that is derived for each due time, in ms. */
  readonly jitterMs: number;
  /** Earliest due time; null for none. */
  readonly startsAt: number | null;
  /** Time before which all due times are; null for none. */
  readonly endsAt: number | null;
  /** Number of due times that are run or buffered; null for no bound. */
  readonly maxRuns: number | null;
  /** Purpose, in one sentence for a person. */
  readonly note: string;
}

/** Send a part of the journal to the worker that runs the job. */
export interface SendJobEntries {
  /** Part of the journal: <job_id>/<n>, n from 0. Key of the topic. */
  readonly chunkId: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** Number of the part, from 0. */
  readonly page: number;
}

/** Progress of a session in one sequence of the constitution. */
export interface SequenceProgress {
  /** Id of the sequence. */
  readonly sequence: string;
  /** Ids of the commands that took its steps so far, in order; UUID. */
  readonly commands: readonly string[];
}

/** A record was added to a series. The state of the detector is the fold of these, with the settings that held. */
export interface SeriesMeasured {
  /** Series: <tenant>/<metric>/<subject>. Key of the topic. */
  readonly seriesId: string;
  /** Tenant of the series; for every other tenant there is none. */
  readonly tenantId: string;
  /** tokens, calls, jobs, denials, mix or hosts. */
  readonly metric: string;
  /** Model, tool or type of job; * for the whole tenant. */
  readonly subject: string;
  /** Amount that was added. */
  readonly value: number;
  /** Tool of a call for mix, host for hosts; null otherwise. */
  readonly label: string | null;
  /** Time of the record. */
  readonly at: number;
  /** The record. */
  readonly source: LogRecord;
  /** Start of its hour. */
  readonly windowStart: number;
  /** What the series expects of the hour; null while it learns. */
  readonly expected: number | null;
  /** Amount of the hour above which it is an anomaly; null while it learns. */
  readonly bound: number | null;
  /** True when its hour was judged before: it is counted, and not judged again. */
  readonly isLate: boolean;
  /** Settings at its time. */
  readonly settings: DetectorSettings;
}

/** Hours of a series ended without a further record. */
export interface SeriesReviewed {
  /** Series: <tenant>/<metric>/<subject>. Key of the topic. */
  readonly seriesId: string;
  /** Tenant of the series; for every other tenant there is none. */
  readonly tenantId: string;
  /** tokens, calls, jobs, denials, mix or hosts. */
  readonly metric: string;
  /** Model, tool or type of job; * for the whole tenant. */
  readonly subject: string;
  /** Due time of the timer. */
  readonly at: number;
  /** Settings at its time. */
  readonly settings: DetectorSettings;
}

/** A session is shown in another way: with other metadata, with more items, or with less. */
export interface SessionChanged {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** metadata: new metadata; items: more items of its conversation; hidden: the read model no longer shows something. The log keeps it. */
  readonly change: string;
  /** Id of the item or turn that is hidden; null for the whole conversation, and for any other change. */
  readonly contentId: string | null;
  /** The metadata as a JSON object, or the items with their ids as a JSON array; null when something is hidden. */
  readonly value: string | null;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** A change of a session was refused; nothing changed. */
export interface SessionChangeRefused {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** History of a session before a command: enough to decide on the command again. */
export interface SessionHistory {
  /** Labels of the commands that were let into the session. */
  readonly labels: readonly string[];
  /** Sequences of which a step was taken. */
  readonly sequences: readonly SequenceProgress[];
  /** Bytes left for the histories of the tenant's sessions. */
  readonly room: number;
  /** Where each label came from first. */
  readonly origins: readonly LabelSource[];
}

/** A session was refused; nothing ran. */
export interface SessionRefused {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code of the refusal, such as POLICY_DENIED. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** sha256 of the request, hex. */
  readonly requestDigest: string;
  /** The decision that refused it. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** The history of a session grew. Written in the transaction of the decision that let the command in. */
export interface SessionRemembered {
  /** Place of the session, such as acme/3; key of the topic. */
  readonly place: string;
  /** The session; UUID. */
  readonly sessionId: string;
  /** Decision on the command that changed it. */
  readonly decisionId: string;
  /** True for the history that the shadow constitution keeps; it has no effect. */
  readonly shadow: boolean;
  /** All labels of the session so far. */
  readonly labels: readonly string[];
  /** Where each label came from first. */
  readonly origins: readonly LabelSource[];
  /** All sequences of the session of which a step was taken. */
  readonly sequences: readonly SequenceProgress[];
  /** Time of the command. Histories that expire by then are dropped. */
  readonly at: number;
  /** Expiry of the history: later than any token of the session lives. */
  readonly until: number;
}

/** A session exists, under a policy decision. */
export interface SessionStarted {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Persona that answers. */
  readonly persona: string;
  /** Capabilities in force, such as slm:invoke:*. */
  readonly capabilities: readonly string[];
  /** Model asked for. */
  readonly model: string | null;
  /** The caller's own labels. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Id of the first turn, if a prompt came with the start. */
  readonly turnId: string | null;
  /** sha256 of the request, hex. */
  readonly requestDigest: string;
  /** The decision that allowed it. */
  readonly decision: DecisionSummary;
}

/** Set the next version of the settings of a tenant. */
export interface SetAnomalySettings {
  /** The tenant. Key of the topic. */
  readonly tenantId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force. */
  readonly capabilities: readonly string[];
  /** Version that is replaced; null replaces the last one. */
  readonly expectedVersion: number | null;
  /** The settings; the processor numbers them. Null for the defaults of the platform. */
  readonly settings: DetectorSettings | null;
  /** Why they change, in one sentence. */
  readonly note: string;
}

/** Compare runs with this one from now on. */
export interface SetBaseline {
  /** The golden set, `<tenant>/<name>`. Key of the topic. */
  readonly goldenSetId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as evaluations:manage. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** The run: its job; UUID. */
  readonly runId: string;
  /** The result of the run, JSON. */
  readonly result: ContentName;
  /** Digest of the golden set of the run. */
  readonly setDigest: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Set the next version of the prices. */
export interface SetPrices {
  /** The table of prices: prices. Key of the topic. */
  readonly bookId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force. */
  readonly capabilities: readonly string[];
  /** Version that is replaced; null replaces the last one. */
  readonly expectedVersion: number | null;
  /** Time of use from which they hold; null for the earliest possible. */
  readonly effectiveFrom: number | null;
  /** ISO 4217. */
  readonly currency: string;
  /** All prices of the version; use without one costs what was metered. */
  readonly prices: readonly Price[];
  /** Why the prices change, in one sentence. */
  readonly note: string;
}

/** Redrive dead letters, or drop them. A letter is settled once, however often this is asked. */
export interface SettleDeadLetters {
  /** The request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Asking principal: service account, API key or user id. It is recorded with the letters. */
  readonly principal: string;
  /** redrive or drop. */
  readonly verb: string;
  /** Names of the letters. A letter of a parked key brings the queue of its key. */
  readonly names: readonly string[];
}

/** A request of a place has ended. What it used is spent, and the lease of its place shrinks. */
export interface SettleLease {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** Place that holds the lease, such as demo/3. */
  readonly place: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** used: a model was asked; unused: the request used nothing. */
  readonly outcome: BudgetOutcome;
  /** Tokens of prompt and answer. */
  readonly tokens: number;
  /** Price of the tokens. */
  readonly cost: string;
  /** Tokens by which the lease shrinks: what was used of it, and what the place returns. */
  readonly tokensReleased: number;
  /** Money by which the lease shrinks. */
  readonly costReleased: string;
  /** Part of the cost that is drawn from the prepaid credit; null for a request that drew on none. */
  readonly costDrawn: string | null;
}

/** Evaluate a published constitution beside the active one, without effect, or stop doing so. */
export interface ShadowConstitution {
  /** Always "shadow"; key of the topic. */
  readonly slot: string;
  /** Version of the shadow; null ends it. */
  readonly version: string | null;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:activate. */
  readonly capabilities: readonly string[];
}

/** The shadow constitution would have decided differently. It has no effect. */
export interface ShadowDecided {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** Id of the PolicyDecided record that has effect; UUID. */
  readonly decisionId: string;
  /** Full name of the command's record. */
  readonly commandType: string;
  /** Outcome under the active constitution. */
  readonly activeOutcome: DecisionOutcome;
  /** Its deciding reason. */
  readonly activeReason: string;
  /** Outcome under the shadow. */
  readonly shadowOutcome: DecisionOutcome;
  /** Its reason codes, the deciding one first. */
  readonly shadowReasons: readonly string[];
  /** Its deciding clauses. */
  readonly shadowClauses: readonly string[];
  /** Its score, from 0 to 1. */
  readonly shadowScore: number;
  /** Version of the shadow. */
  readonly shadowVersion: string;
  /** Its digest, sha256 hex. */
  readonly shadowDigest: string;
  /** Version of the active constitution. */
  readonly activeVersion: string;
}

/** A symbol that this version does not know is read as `spent`. */
export type ShortfallCause = 'too_large' | 'held' | 'spent';

/** Deliver a signal to a job. */
export interface SignalJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Name of the step or wait, as the handler gives it. */
  readonly name: string;
  /** Payload of the signal, JSON. */
  readonly payload: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Add one signature, made offline, to a constitution. */
export interface SignConstitution {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** Digest of the document that was signed; another one is refused. */
  readonly digest: string;
  /** Key that signed, by its name among the trusted ones. */
  readonly keyId: string;
  /** Ed25519 over the pre-authentication encoding (DSSE v1) of the canonical document, base64. */
  readonly signature: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:review. */
  readonly capabilities: readonly string[];
}

/** Ask what policy would decide on what a simulated job asks for: a trial under the constitution of the job. The command does not run. It carries the command. */
export interface SimulateCommand {
  /** The trial: <job_id>/<path>/<name>/<nth>. Key of the topic. */
  readonly trialId: string;
  /** Principal of the job. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:try. */
  readonly capabilities: readonly string[];
  /** The command, in Confluent framing. */
  readonly command: AnyRecord;
  /** Id of the command; UUID, derived from the trial. */
  readonly commandId: string;
  /** Published version to decide by. */
  readonly constitutionVersion: string;
}

/** A whole answer. */
export interface SlmCompleted {
  /** Session or inference request that asked; key of the topic: the requests of one subject are served in order. */
  readonly subjectId: string;
  /** Processor that asked and reads the answer: a writer of slm.requests. */
  readonly origin: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** From 1; counts runs of the same request. */
  readonly attempt: number;
  /** The whole answer. */
  readonly text: string;
  /** Calls of tools that the answer asks for, in its order. */
  readonly toolCalls: readonly ModelToolCall[];
  /** Model that answered. */
  readonly modelId: string;
  /** Why it ended. */
  readonly finishReason: FinishReason;
  /** Tokens used. */
  readonly tokensConsumed: TokenUsage;
  /** At the provider, in ms. */
  readonly latencyMs: number;
  /** Price of the tokens; null in answers from before prices were recorded. */
  readonly cost: string | null;
  /** What the rules of outputs found in the answer; null when the constitution has none. */
  readonly moderation: AnswerModeration | null;
}

/** Embeddings. */
export interface SlmEmbedded {
  /** Session or inference request that asked; key of the topic: the requests of one subject are served in order. */
  readonly subjectId: string;
  /** Processor that asked and reads the answer: a writer of slm.requests. */
  readonly origin: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** One vector a text. */
  readonly vectors: readonly (readonly number[])[];
  /** Model that answered. */
  readonly modelId: string;
  /** Tokens used. */
  readonly tokensConsumed: TokenUsage;
  /** At the provider, in ms. */
  readonly latencyMs: number;
}

/** A request for embeddings. */
export interface SlmEmbeddingRequested {
  /** Session or inference request that asked; key of the topic: the requests of one subject are served in order. */
  readonly subjectId: string;
  /** Processor that asked and reads the answer: a writer of slm.requests. */
  readonly origin: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Session that the request belongs to; null outside of any. */
  readonly sessionId: string | null;
  /** Turn that the request answers; null for any other request. */
  readonly turnId: string | null;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Model asked for. */
  readonly model: string | null;
  /** Texts. */
  readonly input: readonly string[];
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** interactive, standard or batch: share of the places of a worker. Also the header khipu_lane. */
  readonly lane: string;
}

/** The request ended without an answer. */
export interface SlmFailed {
  /** Session or inference request that asked; key of the topic: the requests of one subject are served in order. */
  readonly subjectId: string;
  /** Processor that asked and reads the answer: a writer of slm.requests. */
  readonly origin: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** From 1; counts runs of the same request. */
  readonly attempt: number;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The rule that cut the answer; null for any other failure. */
  readonly refusal: ContentRefusal | null;
}

/** Use of one request. Written once a request, whether it was answered or failed. */
export interface SlmMetered {
  /** Session or inference request that asked; key of the topic: the requests of one subject are served in order. */
  readonly subjectId: string;
  /** Processor that asked and reads the answer: a writer of slm.requests. */
  readonly origin: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Tenant that pays. */
  readonly tenantId: string;
  /** Session of the request; null outside of any. */
  readonly sessionId: string | null;
  /** Turn that the request answered; null for any other request. */
  readonly turnId: string | null;
  /** Adapter that served it. */
  readonly provider: string;
  /** Model that answered. */
  readonly modelId: string;
  /** How it ended. */
  readonly outcome: SlmOutcome;
  /** Tokens used. */
  readonly tokensConsumed: TokenUsage;
  /** From the request at the provider to the last token, in ms. */
  readonly latencyMs: number;
  /** Null when no token came. */
  readonly timeToFirstTokenMs: number | null;
  /** Price of the tokens at the time of use. */
  readonly cost: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Deltas of the last run, whether it was answered or failed; null when it wrote none, and outside of any turn. */
  readonly deltas: DeltaStretch | null;
}

/** A symbol that this version does not know is read as `failed`. */
export type SlmOutcome = 'completed' | 'failed';

/** A request to a language model. Written only under an allowing decision. */
export interface SlmRequested {
  /** Session or inference request that asked; key of the topic: the requests of one subject are served in order. */
  readonly subjectId: string;
  /** Processor that asked and reads the answer: a writer of slm.requests. */
  readonly origin: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Session that the request belongs to; null outside of any. */
  readonly sessionId: string | null;
  /** Turn that the request answers; null for any other request. */
  readonly turnId: string | null;
  /** Sequence of the TurnStarted of that turn, for its deltas; null for any other request. */
  readonly turnSequence: number | null;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Model asked for; null takes the default. */
  readonly model: string | null;
  /** Prompt, oldest first. */
  readonly messages: readonly ChatMessage[];
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens: number;
  /** 0 is greedy. */
  readonly temperature: number;
  /** Seed of the sampler; derived from the request. */
  readonly seed: number;
  /** Texts that end the answer; the answer does not contain them. */
  readonly stop: readonly string[];
  /** Form of the answer; null for text. */
  readonly responseFormat: ResponseFormat | null;
  /** Tools that the answer may ask for; at most 128. */
  readonly tools: readonly ModelTool[];
  /** auto, none, required, or the name of the tool that the answer must ask for, after function:; null is auto. */
  readonly toolChoice: string | null;
  /** False: the answer asks for at most one call. */
  readonly parallelToolCalls: boolean;
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** interactive, standard or batch: share of the places of a worker. Also the header khipu_lane. */
  readonly lane: string;
}

/** What later records of a session, a call or a run do not say: its persona, its capsule, or since when it waits or runs. */
export interface SourceJoined {
  /** Session, call or run. Key of the topic. */
  readonly sourceId: string;
  /** Persona of the session; null for a call and a run. */
  readonly persona: string | null;
  /** Time from which the call waits for an approval; null for a session and a run. */
  readonly waitsSince: number | null;
  /** Capsule of the run, or of the run that asked for the call; null without one. */
  readonly capsuleId: string | null;
  /** Time at which the run of a capsule began; null for a session and a call. */
  readonly startedAt: number | null;
}

/** Start a run of an agent. */
export interface StartAgentRun {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as agents:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Name of the agent, for rules and the kill switch agent:<name>. */
  readonly agent: string;
  /** Instructions, as the first message of the model; may be empty. */
  readonly instructions: string;
  /** What the agent is to do. */
  readonly prompt: string;
  /** Python program that takes the place of the model; null for a run of a model. */
  readonly program: string | null;
  /** The call of another run at which this one begins, with another answer; null for a run from its start. */
  readonly fork: AgentFork | null;
  /** Model asked for; null takes the default. */
  readonly model: string | null;
  /** Upper bound of each answer, in tokens. */
  readonly maxTokens: number | null;
  /** Tools that the model may ask for; at most 32. */
  readonly tools: readonly AgentTool[];
  /** Limits of the run. */
  readonly limits: AgentLimits;
  /** JSON Schema of the result, JSON; null for text. */
  readonly outputSchema: string | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Installed capsule that it runs; null for none. */
  readonly capsule: AgentCapsule | null;
}

/** Start a run that another run hands work off to. Decided like a start by the principal of that run. */
export interface StartChildAgentRun {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as agents:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Name of the agent, for rules and the kill switch agent:<name>. */
  readonly agent: string;
  /** Instructions, as the first message of the model; may be empty. */
  readonly instructions: string;
  /** What the agent is to do. */
  readonly prompt: string;
  /** Python program that takes the place of the model; null for a run of a model. */
  readonly program: string | null;
  /** Model asked for; null takes the default. */
  readonly model: string | null;
  /** Upper bound of each answer, in tokens. */
  readonly maxTokens: number | null;
  /** Tools that the model may ask for; at most 32. */
  readonly tools: readonly AgentTool[];
  /** Limits of the run. */
  readonly limits: AgentLimits;
  /** JSON Schema of the result, JSON; null for text. */
  readonly outputSchema: string | null;
  /** The run that hands off. */
  readonly parent: AgentParent;
  /** Runs above it; 1 for a child of a run that a user started. */
  readonly depth: number;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Installed capsule that it runs; null for none. */
  readonly capsule: AgentCapsule | null;
}

/** Start a job for the handler of another. It has the principal and the capabilities of that job. */
export interface StartChildJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Type of the job, such as inference.batch. */
  readonly type: string;
  /** Input of the handler: JSON, or its name above 64 KiB. */
  readonly input: string;
  /** The job that waits for it; UUID. */
  readonly parentId: string;
  /** Branch of the handler that asks, such as left/2; empty for the handler itself. */
  readonly path: string;
  /** Name of the step or wait, as the handler gives it. */
  readonly name: string;
  /** Use of this name in this branch, from 1. */
  readonly nth: number;
  /** Number of jobs above it. */
  readonly depth: number;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** interactive, standard or batch: that of its parent. */
  readonly lane: string;
}

/** Start a job. */
export interface StartJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Type of the job, such as inference.batch. */
  readonly type: string;
  /** Input of the handler: JSON, or its name above 64 KiB. */
  readonly input: string;
  /** Earliest time of the first run; null for now. */
  readonly runAt: number | null;
  /** Time at which the job fails unless it has ended; null for none. */
  readonly deadline: number | null;
  /** interactive, standard or batch. */
  readonly lane: string;
  /** The limits of the type hold for each key; without limits, jobs of one key run one after another. Null takes the name of the type. */
  readonly concurrencyKey: string | null;
  /** How failed runs are repeated; null takes that of the type. */
  readonly retry: JobRetry | null;
  /** Tags to find it by; at most 16. */
  readonly tags: readonly string[];
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Start a job for a run of a schedule. It has the principal and the capabilities of the schedule. */
export interface StartScheduledJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as jobs:start:*. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Type of the job, such as inference.batch. */
  readonly type: string;
  /** Input of the handler, JSON. */
  readonly input: string;
  /** Time at which the job fails unless it has ended; null for none. */
  readonly deadline: number | null;
  /** interactive, standard or batch. */
  readonly lane: string;
  /** Jobs of the tenant with this key run one after another; null for no such bound. */
  readonly concurrencyKey: string | null;
  /** How failed runs are repeated; null takes that of the type. */
  readonly retry: JobRetry | null;
  /** Tags to find it by; at most 16. */
  readonly tags: readonly string[];
  /** The schedule, `<tenant>/<name>`. */
  readonly scheduleId: string;
  /** Due time of the run. */
  readonly dueAt: number;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Ask for a session, with a first prompt if there is one. */
export interface StartSession {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Persona that answers. */
  readonly persona: string;
  /** Capabilities in force, such as slm:invoke:*. */
  readonly capabilities: readonly string[];
  /** Model asked for; null takes the tenant's default. */
  readonly model: string | null;
  /** The caller's own labels; at most 16. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Id of the first turn; set when there is a prompt. */
  readonly turnId: string | null;
  /** First prompt. */
  readonly prompt: string | null;
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens: number | null;
  /** sha256 of the request, hex: the same idempotency key with another digest is an error. */
  readonly requestDigest: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Messages before the first prompt, oldest first, as the caller has them: a system message among them takes the place of the persona's. */
  readonly earlier: readonly ChatMessage[];
  /** Sampling of the first answer; null takes that of the persona. */
  readonly sampling: Sampling | null;
  /** The call that the prompt is the result of, asked for by a message of earlier; null for a prompt of a user. */
  readonly toolCallId: string | null;
  /** Set when the first turn is a response of the OpenAI API. */
  readonly response: ResponseRequest | null;
  /** Memories that the turn asks for; null for none. A turn with them is never queued. */
  readonly recall: TurnRecall | null;
}

/** End the run of a job. */
export interface StopJobRun {
  /** <job_id>/control. Key of the topic. */
  readonly controlKey: string;
  /** The job; UUID. */
  readonly jobId: string;
  /** Run of the job, from 1. What an earlier run reports is dropped. */
  readonly generation: number;
  /** finish_step: the running steps end first. stop: they are aborted. */
  readonly mode: string;
}

/** Publish a version of a capsule. */
export interface SubmitCapsule {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as capsules:publish. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** The signed manifest: a DSSE envelope, JSON. */
  readonly envelope: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Statements about the capsule: Sigstore bundles, JSON; at most 8. */
  readonly attestations: readonly string[];
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Ask for one more turn in a session. */
export interface SubmitTurn {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as slm:invoke:*. */
  readonly capabilities: readonly string[];
  /** Model of the session; null takes the default. */
  readonly model: string | null;
  /** Persona of the session. */
  readonly persona: string;
  /** The prompt. */
  readonly prompt: string;
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens: number | null;
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Messages before the prompt, oldest first, as the caller has them; they take the place of the session's history. Such a turn is never queued. */
  readonly earlier: readonly ChatMessage[];
  /** Sampling of the answer; null takes that of the persona. A turn with its own is never queued. */
  readonly sampling: Sampling | null;
  /** The call that the prompt is the result of, asked for by a message of earlier; null for a prompt of a user. */
  readonly toolCallId: string | null;
  /** Set when the turn is a response of the OpenAI API. Such a turn is never queued. */
  readonly response: ResponseRequest | null;
  /** Memories that the turn asks for; null for none. A turn with them is never queued. */
  readonly recall: TurnRecall | null;
}

/** A newer job of the concurrency key replaces a job, which is cancelled. */
export interface SupersedeJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** Place of the job, such as demo/3. */
  readonly place: string;
  /** Number of the request of this job that is replaced. */
  readonly request: number;
  /** The newer job; UUID. */
  readonly by: string;
}

/** What one record adds to a series. */
export interface TakeMeasure {
  /** Series: <tenant>/<metric>/<subject>. Key of the topic. */
  readonly seriesId: string;
  /** Tenant of the series; for every other tenant there is none. */
  readonly tenantId: string;
  /** tokens, calls, jobs, denials, mix or hosts. */
  readonly metric: string;
  /** Model, tool or type of job; * for the whole tenant. */
  readonly subject: string;
  /** Amount: tokens, or 1 for a call, a job or a denial. */
  readonly value: number;
  /** Tool of a call for mix, host for hosts; null otherwise. */
  readonly label: string | null;
  /** Time of the record, at most the time at which the log took it. */
  readonly at: number;
  /** The record. */
  readonly source: LogRecord;
}

/** Units of a price with tiers that a transaction charges, or takes back. */
export interface TakeTieredUse {
  /** Use that is counted together: tiers/<tenant>/<month>/<version>/<meter>/<resource of the price>. Key of the topic. */
  readonly tierId: string;
  /** Place 0 of the tenant, so that one task counts all of its use. */
  readonly place: string;
  /** Tenant that pays. */
  readonly tenantId: string;
  /** Meter of the price. */
  readonly meter: string;
  /** Resource of the price; * for every one without a price of its own. */
  readonly resource: string;
  /** Version of the prices. */
  readonly priceVersion: number;
  /** Units; below zero where they are taken back. */
  readonly quantity: number;
  /** Time of use. */
  readonly usedAt: number;
}

/** A version of a template was imported; runs start from it from now on. */
export interface TemplateImported {
  /** The template: <tenant>/<namespace>.<name>. Key of the topic. */
  readonly templateId: string;
  /** Tenant of the template; for every other tenant there is none. */
  readonly tenantId: string;
  /** Version that the document gives itself, such as 1.0.0. Another document has another version. */
  readonly version: string;
  /** The document, Serverless Workflow, as canonical JSON (RFC 8785); at most 48 KiB. */
  readonly workflow: string;
  /** sha256 of the document, hex. */
  readonly digest: string;
  /** Install of the capsule that the document came from: runs may use what was granted to it. Null for a document of the caller. */
  readonly installId: string | null;
  /** Who imported it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** A command to a template was refused; nothing changed. */
export interface TemplateRefused {
  /** The template: <tenant>/<namespace>.<name>. Key of the topic. */
  readonly templateId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** A template was removed; its runs go on. */
export interface TemplateRemoved {
  /** The template: <tenant>/<namespace>.<name>. Key of the topic. */
  readonly templateId: string;
  /** Tenant of the template; for every other tenant there is none. */
  readonly tenantId: string;
  /** Who removed it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The current state of one tenant; compaction keeps the latest record. */
export interface Tenant {
  /** The tenant; key of the topic. */
  readonly tenantId: string;
  /** Counts its changes, from 1: the ETag. */
  readonly version: number;
  /** Display name. */
  readonly name: string;
  /** New work of a suspended tenant is refused. */
  readonly status: TenantStatus;
  /** Bounds of its work. */
  readonly settings: TenantSettings;
}

/** All prepaid credit that a tenant was given. A tenant without it pays later. */
export interface TenantCredit {
  /** Tenant. Key of the topic. */
  readonly tenantId: string;
  /** Sum of all top-ups. It never shrinks: use draws on it. */
  readonly total: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** A tenant was created (version 1) or changed. */
export interface TenantDefined {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The current tenant. */
  readonly tenant: Tenant;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** Bounds of a tenant's work. A tenant without settings has the default of each. */
export interface TenantSettings {
  /** Models that may be asked for; * for any that the constitution allows. */
  readonly models: readonly string[];
  /** Limits of use, at most one a window. Empty sets no limit. */
  readonly budgets: readonly BudgetLimit[];
  /** Days that personal content is kept; null keeps it for as long as the topics do. */
  readonly retentionDays: number | null;
  /** Lane of its work unless the caller names one. */
  readonly lane: QosLane;
  /** Share of a worker that it has beside tenants with work in the same lane, 1 to 100. */
  readonly weight: number;
}

/** A symbol that this version does not know is read as `suspended`. */
export type TenantStatus = 'active' | 'suspended';

/** The answer to ModerateText. */
export interface TextModerated {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** The decision that allowed it, and classified the texts. */
  readonly decisionId: string;
  /** Version of the constitution whose rules were applied. */
  readonly constitutionVersion: string;
  /** Its digest. */
  readonly constitutionDigest: string;
  /** Which rules match which texts, and the use: number and length of the texts. */
  readonly report: ModerationReport;
}

/** The deadline of a run has come. */
export interface TimeOutAgentRun {
  /** The run; UUID. Key of the topic. */
  readonly runId: string;
  /** Time at which it was due. */
  readonly dueAt: number;
}

/** Fail a turn whose deadline has passed, unless it has ended. */
export interface TimeOutTurn {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID. */
  readonly turnId: string;
}

/** Session tokens of the scope that were issued until then are no longer valid; later ones are. */
export interface TokensRevoked {
  /** tenant, or session: or principal: and an id, of the tenant of this record; key of the topic. */
  readonly scope: string;
  /** Tokens issued later stay valid. */
  readonly issuedUntil: number;
  /** Principal that revoked them. */
  readonly revokedBy: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** Tokens that a request used. */
export interface TokenUsage {
  /** Tokens of the prompt. */
  readonly prompt: number;
  /** Tokens of the answer. */
  readonly completion: number;
}

/** The current definition of a tool. */
export interface Tool {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Tenant of the tool; for every other tenant there is none. */
  readonly tenantId: string;
  /** active, quarantined or removed. */
  readonly status: string;
  /** Number of definitions since the tool was registered, from 1. */
  readonly version: number;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** The manifest as canonical JSON (RFC 8785). */
  readonly manifest: string;
  /** The signed manifest: a DSSE envelope, JSON. */
  readonly envelope: string;
  /** Time of the latest change. */
  readonly changedAt: number;
  /** Place of the tool; null for a definition of an earlier version. */
  readonly place: string | null;
}

/** A worker begins a call. In the log before the effect of an irreversible call. */
export interface ToolCallBegan {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** Number of the run, from 1. */
  readonly attempt: number;
  /** Least isolation that the manifest asks for: declared, wasm, process or kernel. */
  readonly tier: string;
  /** Walls that stand around the call, such as egress-broker. */
  readonly walls: readonly string[];
}

/** The call has ended. */
export interface ToolCallCompleted {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** Number of the run, from 1. */
  readonly attempt: number;
  /** succeeded, failed or unknown. Unknown: whether the effect took place cannot be said, and it is not tried again. */
  readonly outcome: string;
  /** Stable code of a failure, or of an output that is missing; null otherwise. */
  readonly code: string | null;
  /** One sentence for a person. */
  readonly detail: string;
  /** Output, JSON; above 64 KiB the name of the JSON on files.pieces (RFC 6920, with digest and size); null without one. */
  readonly output: string | null;
  /** True when the read-only check of the manifest gave the outcome. */
  readonly verified: boolean;
  /** Least isolation that the manifest asks for: declared, wasm, process or kernel. */
  readonly tier: string;
  /** Walls that stood around the call, such as egress-broker. */
  readonly walls: readonly string[];
  /** Time of the last run, in ms. */
  readonly latencyMs: number;
  /** Requests that the call made outside, in order, of the process that ended it; at most 32. */
  readonly requests: readonly EgressRequest[];
  /** Cost of the call, in the currency of the platform. */
  readonly cost: string;
  /** Labels of the output. */
  readonly labels: readonly string[];
  /** What the rules of the constitution found in the output. */
  readonly findings: readonly Finding[];
  /** The rule that withheld the output; null otherwise. */
  readonly refusal: ContentRefusal | null;
  /** Run of an agent, or job, that asked for the call; null for any other caller. */
  readonly runId: string | null;
  /** Session of the token that asked; null outside sessions. */
  readonly sessionId: string | null;
  /** The spent limit of a call that ended with TOOL_RATE_LIMITED; null otherwise. */
  readonly rate: RateShortfall | null;
  /** Beginning of the JSON of an output that has a name, at most 8 KiB; null for any other. */
  readonly preview: string | null;
}

/** A worker has ended a call. */
export interface ToolCallEnded {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** Number of the run, from 1. */
  readonly attempt: number;
  /** succeeded, failed or unknown. Unknown: whether the effect took place cannot be said, and it is not tried again. */
  readonly outcome: string;
  /** Stable code of a failure, or of an output that is missing; null otherwise. */
  readonly code: string | null;
  /** One sentence for a person. */
  readonly detail: string;
  /** Output, JSON; above 64 KiB the name of the JSON on files.pieces (RFC 6920, with digest and size); null without one. */
  readonly output: string | null;
  /** True when the read-only check of the manifest gave the outcome. */
  readonly verified: boolean;
  /** Least isolation that the manifest asks for: declared, wasm, process or kernel. */
  readonly tier: string;
  /** Walls that stood around the call, such as egress-broker. */
  readonly walls: readonly string[];
  /** Time of the last run, in ms. */
  readonly latencyMs: number;
  /** Requests that the call made outside, in order, of the process that ended it; at most 32. */
  readonly requests: readonly EgressRequest[];
  /** Cost of the call, in the currency of the platform. */
  readonly cost: string;
  /** Labels of the output. */
  readonly labels: readonly string[];
  /** The spent limit of a call that ended with TOOL_RATE_LIMITED; null otherwise. */
  readonly rate: RateShortfall | null;
  /** Beginning of the JSON of an output that has a name, at most 8 KiB; null for any other. */
  readonly preview: string | null;
  /** Check of an output above 64 KiB; null for any other, which is checked when the call completes. */
  readonly check: OutputCheck | null;
}

/** The call was allowed by policy, and needs an approval before it runs. */
export interface ToolCallHeld {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** Tenant of the tool; for every other tenant there is none. */
  readonly tenantId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** Version of the tool. */
  readonly toolVersion: number;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as tool:execute:mail. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** What a call does outside: read, write or irreversible. */
  readonly effect: string;
  /** Least isolation that the manifest asks for: declared, wasm, process or kernel. */
  readonly tier: string;
  /** Arguments, canonical JSON. */
  readonly arguments: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Labels that the rules saw, and where each came from. */
  readonly flow: readonly LabelSource[];
  /** Reserved cost, in the currency of the platform. */
  readonly costMax: string;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Approvals that it needs. */
  readonly requirement: ApprovalRequirement;
  /** What an approval is bound to: sha256 over the digest of the tool, the arguments and the decision, hex. */
  readonly approvalDigest: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** Chain of the command: what becomes of the call continues it. */
  readonly commandChain: CommandChain;
  /** Run of an agent, or job, that asked for the call; null for any other caller. */
  readonly runId: string | null;
  /** Capsule of the run that asked: <tenant>/<name>@<version>; null for any other caller. */
  readonly capsuleId: string | null;
}

/** The call was refused; nothing ran. */
export interface ToolCallRefused {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
  /** Run of an agent, or job, that asked for the call; null for any other caller. */
  readonly runId: string | null;
  /** Chain of the command, where the call waited for an approval; null for the chain of the cause. */
  readonly chain: CommandChain | null;
}

/** The call was allowed and waits for a worker. */
export interface ToolCallRequested {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** Tenant of the tool; for every other tenant there is none. */
  readonly tenantId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** Version of the tool. */
  readonly toolVersion: number;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Session of the token that asked; null outside sessions. */
  readonly sessionId: string | null;
  /** What a call does outside: read, write or irreversible. */
  readonly effect: string;
  /** Least isolation that the manifest asks for: declared, wasm, process or kernel. */
  readonly tier: string;
  /** Arguments, JSON. */
  readonly arguments: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
  /** Reserved cost, in the currency of the platform. */
  readonly costMax: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** Run of an agent, or job, that asked for the call; null for any other caller. */
  readonly runId: string | null;
  /** Chain of the command, where the call waited for an approval; null for the chain of the cause. */
  readonly chain: CommandChain | null;
  /** Purpose: call; check, which compares a tool with its server; connect, which asks a server for what it offers. */
  readonly purpose: string;
}

/** Edited arguments were refused; the call waits with those that it had. */
export interface ToolCallRevisionRefused {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** Session of the call, or the call itself outside sessions. */
  readonly scopeId: string;
  /** Number of the request, from 1; edited arguments make a further one. */
  readonly revision: number;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the edited call. */
  readonly decision: DecisionSummary;
}

/** A worker has begun the call. */
export interface ToolCallStarted {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** Number of the run, from 1. */
  readonly attempt: number;
  /** Least isolation that the manifest asks for: declared, wasm, process or kernel. */
  readonly tier: string;
  /** Walls that stand around the call, such as egress-broker. */
  readonly walls: readonly string[];
}

/** The call waits for an approval. */
export interface ToolCallWaiting {
  /** The call; UUID. Key of the topic. */
  readonly callId: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** What an approval is bound to: sha256, hex. */
  readonly digest: string;
  /** Number of principals that must approve. */
  readonly required: number;
  /** Time at which it expires. */
  readonly expiresAt: number;
  /** Chain of the command; null for the chain of the cause. */
  readonly chain: CommandChain | null;
  /** Capsule of the run that asked: <tenant>/<name>@<version>; null for any other caller. */
  readonly capsuleId: string | null;
}

/** Calls of the tool are refused until a new version of its manifest is approved. */
export interface ToolQuarantined {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Tenant of the tool; for every other tenant there is none. */
  readonly tenantId: string;
  /** Version of the tool, which stays. */
  readonly version: number;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Stable code of the reason. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The call that found it; UUID. */
  readonly callId: string;
}

/** A command to a tool was refused; nothing changed. */
export interface ToolRefused {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision on the command. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
  /** Current version; 0 when the tool does not exist. */
  readonly version: number;
}

/** The tool is there, in its first version. */
export interface ToolRegistered {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Tenant of the tool; for every other tenant there is none. */
  readonly tenantId: string;
  /** Number of definitions since the tool was registered, from 1. */
  readonly version: number;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** The manifest as canonical JSON (RFC 8785). */
  readonly manifest: string;
  /** The signed manifest: a DSSE envelope, JSON. */
  readonly envelope: string;
  /** Who registered it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The tool was removed; calls of it are refused from now on. */
export interface ToolRemoved {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Tenant of the tool; for every other tenant there is none. */
  readonly tenantId: string;
  /** Number of definitions since the tool was registered, from 1. */
  readonly version: number;
  /** Who removed it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The tool has another manifest. */
export interface ToolUpdated {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Tenant of the tool; for every other tenant there is none. */
  readonly tenantId: string;
  /** Number of definitions since the tool was registered, from 1. */
  readonly version: number;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** The manifest as canonical JSON (RFC 8785). */
  readonly manifest: string;
  /** The signed manifest: a DSSE envelope, JSON. */
  readonly envelope: string;
  /** Who updated it. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** Add to the prepaid credit of a tenant. The first one makes the tenant prepaid. */
export interface TopUpCredit {
  /** Tenant whose credit grows. Key of the topic. */
  readonly tenantId: string;
  /** The top-up: it is added once, however often it is sent. */
  readonly topUpId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Tenant of the asking principal. */
  readonly principalTenant: string;
  /** Capabilities in force. */
  readonly capabilities: readonly string[];
  /** Amount to add; above zero. */
  readonly amount: string;
  /** ISO 4217: the currency of the platform. */
  readonly currency: string;
  /** Why, in one sentence, such as the number of a payment. */
  readonly reason: string;
}

/** What policy would decide on a command. Nothing ran, and nothing was reserved or charged. */
export interface TrialDecided {
  /** The trial: a UUID, or <job_id>/<path>/<name>/<nth> of a simulated job. Key of the topic. */
  readonly trialId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Full name of the command's record. */
  readonly commandType: string;
  /** The verdict. Its id is that of this record. */
  readonly decision: DecisionSummary;
  /** Every feature of the score. */
  readonly features: readonly FeatureScore[];
  /** Labels of the command: declared, or found in its text. */
  readonly labels: readonly string[];
  /** Changes of one input that would reverse a denial, the smallest first. */
  readonly changes: readonly InputChange[];
  /** What the rules of the constitution found in the text of the command. */
  readonly findings: readonly Finding[];
}

/** A trial was refused; nothing was evaluated. */
export interface TrialRefused {
  /** The trial: a UUID, or <job_id>/<path>/<name>/<nth> of a simulated job. Key of the topic. */
  readonly trialId: string;
  /** Asking principal. */
  readonly principal: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** Start the job of a schedule once, now. */
export interface TriggerSchedule {
  /** The schedule, `<tenant>/<name>`. Key of the topic. */
  readonly scheduleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as schedules:control. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Ask what policy would decide on a governed command. The command does not run. It carries the command. */
export interface TryCommand {
  /** The trial; UUID. Key of the topic. */
  readonly trialId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:try. */
  readonly capabilities: readonly string[];
  /** The command, in Confluent framing. */
  readonly command: AnyRecord;
  /** Id of the command record; UUID. Of a recorded decision, that of its command. */
  readonly commandId: string;
  /** History of its session before the command; null without one. */
  readonly history: SessionHistory | null;
  /** Persona of a recorded decision; null for a new command, whose persona is looked up. */
  readonly persona: DecidedPersona | null;
  /** Published version to decide by; null for the active one. */
  readonly constitutionVersion: string | null;
  /** True to explain a decision by its constitution alone; false to apply kill switches, revocations and settings of the tenant first, as for a new command. */
  readonly recorded: boolean;
  /** Answer of the outside classifier of a recorded decision; null for a new command: the classifier is not asked. */
  readonly classifier: ClassifierAnswer | null;
}

/** The whole answer. */
export interface TurnCompleted {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Position in the session's conversation, dense, from 1. */
  readonly sequence: number;
  /** Attempt that made the text, from 1; deltas of another attempt are not part of it. */
  readonly attempt: number;
  /** The whole answer. */
  readonly text: string;
  /** Model that answered. */
  readonly modelId: string;
  /** Why the answer ended: stop is its natural end, length its upper bound, tool_calls its wish to call tools, other anything else. */
  readonly finishReason: FinishReason;
  /** Tokens used. */
  readonly tokensConsumed: TokenUsage;
  /** From the request at the provider to the last token, in ms. */
  readonly latencyMs: number;
  /** Price of the tokens; null in answers from before prices were recorded. */
  readonly cost: string | null;
  /** Calls of tools that the answer asks for, in its order; their results come with the next request of the client. */
  readonly toolCalls: readonly ModelToolCall[];
  /** Memories that the answer was made with; null for a turn that asked for none. */
  readonly recalled: RecallTrace | null;
  /** What the rules of outputs found in the answer; null when the constitution has none. */
  readonly moderation: AnswerModeration | null;
}

/** A piece of the answer of a running turn, written by the worker that asks the model. TurnCompleted has the whole text. */
export interface TurnDelta {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Sequence of the TurnStarted of the turn. */
  readonly turnSequence: number;
  /** From 1. A higher attempt starts the answer again: drop the text so far. */
  readonly attempt: number;
  /** Length of the answer before the piece, in UTF-16 code units; 0 for the first piece of an attempt. */
  readonly start: number;
  /** The piece; never empty. */
  readonly text: string;
}

/** The turn ended without an answer. */
export interface TurnFailed {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Position in the session's conversation, dense, from 1. */
  readonly sequence: number;
  /** Stable code, such as SLM_UNAVAILABLE. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The rule that cut the answer; null for any other failure. */
  readonly refusal: ContentRefusal | null;
}

/** The turn was allowed. TurnStarted follows when the turns before it have ended; at once when there is none. */
export interface TurnQueued {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Position in the session's conversation, dense, from 1. */
  readonly sequence: number;
  /** Turns of the session that were running or queued before it; 0 when it starts at once. */
  readonly position: number;
  /** The prompt. */
  readonly prompt: string;
  /** Model asked for; null takes the default. */
  readonly model: string | null;
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens: number;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** Budget that it is held against; null when its tenant has none. */
  readonly budget: BudgetClaim | null;
  /** Persona of a turn that waits, as it was decided; null for a turn that starts at once: its decision has it. */
  readonly persona: DecidedPersona | null;
  /** Set when the turn is a response of the OpenAI API. */
  readonly response: ResponseRequest | null;
}

/** Memories that a turn asks for, and those that were recalled for it. */
export interface TurnRecall {
  /** Spaces that are recalled from; 1 to 4. */
  readonly spaces: readonly string[];
  /** Most memories, from 1 to 10. */
  readonly k: number;
  /** Only what was remembered by this time; null for all of it. */
  readonly asOf: number | null;
  /** Memories that were recalled; null before. Callers leave it null. */
  readonly answer: RecallAnswer | null;
}

/** The turn was refused; nothing ran. */
export interface TurnRefused {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Position in the session's conversation, dense, from 1. */
  readonly sequence: number;
  /** Stable code, such as POLICY_DENIED. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** The decision that refused it. */
  readonly decision: DecisionSummary;
  /** Budget that refused it; null for any other reason. */
  readonly shortfall: BudgetShortfall | null;
}

/** A turn was accepted and its answer follows. */
export interface TurnStarted {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Position in the session's conversation, dense, from 1. */
  readonly sequence: number;
  /** The prompt. */
  readonly prompt: string;
  /** Model asked for. */
  readonly model: string | null;
  /** Time at which the turn fails with TURN_TIMEOUT unless an answer has ended it; null in turns from before deadlines existed. */
  readonly deadline: number | null;
  /** Budget that it is held against; null when its tenant has none. */
  readonly budget: BudgetClaim | null;
  /** Memories that the model is shown with the prompt; null for a turn that asked for none. */
  readonly recalled: RecallTrace | null;
}

/** Remove an install. */
export interface UninstallCapsule {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as capsules:publish. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Replace the manifest of a tool. */
export interface UpdateTool {
  /** The tool: <tenant>/<name>. Key of the topic. */
  readonly toolId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as tool:admin. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** The signed manifest: a DSSE envelope, JSON. */
  readonly envelope: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Version that is replaced; null for any. */
  readonly expectedVersion: number | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Replace the capsule of an install by another version. */
export interface UpgradeCapsule {
  /** The install: <tenant>/<name>. Key of the topic. */
  readonly installId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as capsules:publish. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** The capsule: <tenant>/<name>@<version>. */
  readonly capsuleId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly digest: string;
  /** Capabilities that runs may use; null keeps the grant, for a version that asks for no more. */
  readonly granted: readonly string[] | null;
  /** The check of this upgrade that the caller has read; null is refused. */
  readonly checkId: string | null;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** The check of an upgrade of an install: a regression of the next version against the one that it runs, and the past runs of the install under the next version. */
export interface UpgradeCheck {
  /** The check: its job; UUID. */
  readonly checkId: string;
  /** sha256 of the manifest that the install ran, hex. */
  readonly fromDigest: string;
  /** The next version: <tenant>/<name>@<version>. */
  readonly capsuleId: string;
  /** sha256 of its canonical manifest, hex. */
  readonly digest: string;
  /** Capabilities that runs may use after the upgrade. */
  readonly granted: readonly string[];
  /** Verdict of the regression: pass, regress, improve or inconclusive. */
  readonly verdict: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Further cases that would decide in four of five runs; null for a verdict that is decided. */
  readonly moreCases: number | null;
  /** Cases of the regression. */
  readonly cases: number;
  /** Cases that the next version passed. */
  readonly passed: number;
  /** Past runs of the install that were looked at. */
  readonly pastRuns: number;
  /** Of these, those that the next version would refuse or end earlier. */
  readonly pastChanged: number;
  /** The whole report, JSON. */
  readonly report: ContentName;
}

/** A call outside sessions needs an approval: a grant may cover it. */
export interface UseApprovalGrant {
  /** Scope of the grants of a caller for a tool outside sessions. Key of the topic. */
  readonly scopeId: string;
  /** Place of the record: that of its scope. */
  readonly place: string;
  /** The approval; UUID: that of its call. */
  readonly approvalId: string;
  /** Place of the call, for the answer. */
  readonly callPlace: string;
  /** The tool: <tenant>/<name>. */
  readonly toolId: string;
  /** sha256 of the canonical manifest, hex. */
  readonly toolDigest: string;
  /** Who asked for the call. */
  readonly principal: string;
  /** Arguments, canonical JSON. */
  readonly arguments: string;
  /** Labels that the rules saw. */
  readonly labels: readonly string[];
  /** Approvals that it needs. */
  readonly requirement: ApprovalRequirement;
}

/** A time of a job has come: of its first run, a wait or its deadline. */
export interface WakeJob {
  /** The job; UUID. Key of the topic. */
  readonly jobId: string;
  /** The time that has come. */
  readonly dueAt: number;
}

/** A rate or the wait of a new job allows the next slot. */
export interface WakeJobSlot {
  /** Tenant, type and concurrency key. Key of the topic. */
  readonly slotKey: string;
  /** Time that has come. */
  readonly dueAt: number;
}

/** A part of a window of time of one series: what one record adds to it. The figures of a window are the sums of its parts, so late records count as any other. */
export interface WindowMeasured {
  /** Session, request, call or run that it is of. Key of the topic. */
  readonly sourceId: string;
  /** personas, tools, policies, models or capsules. */
  readonly kind: string;
  /** Persona, tool, clause, model or capsule. */
  readonly subject: string;
  /** Start of the window, by the time of the record. */
  readonly windowStart: number;
  /** Length of the window, in ms. */
  readonly windowMs: number;
  /** Runs, calls or decisions that ended. */
  readonly runs: number;
  /** Of these, those that succeeded or were allowed. */
  readonly successes: number;
  /** Of these, those that were refused or denied. */
  readonly refusals: number;
  /** Waits for an approval that ended. */
  readonly approvals: number;
  /** Tokens of prompts and answers. */
  readonly tokens: number;
  /** Time that a call waited for its approval, in ms. */
  readonly approvalWaitMs: number;
  /** Cost as it was metered, in the currency of the platform. */
  readonly cost: string;
  /** Latency, in ms; null without one. */
  readonly latencyMs: number | null;
  /** Bucket of the latency: it lies in (g^(i-1), g^i] ms with g = 1.01/0.99, as in a DDSketch of 1 % relative error. Null without one. */
  readonly latencyBucket: number | null;
}

/** Take a capsule off the list; installs of it go on. */
export interface YankCapsule {
  /** The capsule: <tenant>/<name>@<version>. Key of the topic. */
  readonly capsuleId: string;
  /** Asking principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as capsules:publish. */
  readonly capabilities: readonly string[];
  /** The token that asks; null for an API key. */
  readonly credential: Credential | null;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Labels that the caller declares of its data, such as customer-data; at most 16. */
  readonly labels: readonly string[];
}

/** Every record that may stand in a topic, by its name. */
export interface Records {
  readonly AgentAnswerRejected: AgentAnswerRejected;
  readonly AgentCallEnded: AgentCallEnded;
  readonly AgentFormatDropped: AgentFormatDropped;
  readonly AgentRunCancelled: AgentRunCancelled;
  readonly AgentRunCompleted: AgentRunCompleted;
  readonly AgentRunFailed: AgentRunFailed;
  readonly AgentRunRefused: AgentRunRefused;
  readonly AgentRunStarted: AgentRunStarted;
  readonly AgentStepCompleted: AgentStepCompleted;
  readonly AgentStepStarted: AgentStepStarted;
  readonly AskAgentModel: AskAgentModel;
  readonly CancelAgentRun: CancelAgentRun;
  readonly CancelChildAgentRun: CancelChildAgentRun;
  readonly EndChildAgentRun: EndChildAgentRun;
  readonly ProgramSegmentEnded: ProgramSegmentEnded;
  readonly RunAgentProgram: RunAgentProgram;
  readonly RunProgramSegment: RunProgramSegment;
  readonly StartAgentRun: StartAgentRun;
  readonly StartChildAgentRun: StartChildAgentRun;
  readonly TimeOutAgentRun: TimeOutAgentRun;
  readonly SourceJoined: SourceJoined;
  readonly WindowMeasured: WindowMeasured;
  readonly AnomalyDetected: AnomalyDetected;
  readonly AnomalySettingsRefused: AnomalySettingsRefused;
  readonly AnomalySettingsSet: AnomalySettingsSet;
  readonly AnomalySettings: AnomalySettings;
  readonly KillSwitchSuggested: KillSwitchSuggested;
  readonly ReviewSeries: ReviewSeries;
  readonly SeriesMeasured: SeriesMeasured;
  readonly SeriesReviewed: SeriesReviewed;
  readonly SetAnomalySettings: SetAnomalySettings;
  readonly TakeMeasure: TakeMeasure;
  readonly AnswerApprovalGrant: AnswerApprovalGrant;
  readonly ApprovalEditRefused: ApprovalEditRefused;
  readonly ApprovalEdited: ApprovalEdited;
  readonly ApprovalEscalated: ApprovalEscalated;
  readonly ApprovalExpired: ApprovalExpired;
  readonly ApprovalGrantEnded: ApprovalGrantEnded;
  readonly ApprovalGrantGiven: ApprovalGrantGiven;
  readonly ApprovalGrantSought: ApprovalGrantSought;
  readonly ApprovalGrantUsed: ApprovalGrantUsed;
  readonly ApprovalGranted: ApprovalGranted;
  readonly ApprovalRefused: ApprovalRefused;
  readonly ApprovalRejected: ApprovalRejected;
  readonly ApprovalRequested: ApprovalRequested;
  readonly ApprovalVoted: ApprovalVoted;
  readonly ApproverNotified: ApproverNotified;
  readonly DecideApproval: DecideApproval;
  readonly EndApprovalGrant: EndApprovalGrant;
  readonly EndGrantSearch: EndGrantSearch;
  readonly EscalateApproval: EscalateApproval;
  readonly ExpireApproval: ExpireApproval;
  readonly GiveApprovalGrant: GiveApprovalGrant;
  readonly RevokeApprovalGrant: RevokeApprovalGrant;
  readonly UseApprovalGrant: UseApprovalGrant;
  readonly AuditRecorded: AuditRecorded;
  readonly ChargeClosed: ChargeClosed;
  readonly CorrectCharge: CorrectCharge;
  readonly CorrectionRefused: CorrectionRefused;
  readonly CreditRefused: CreditRefused;
  readonly CreditToppedUp: CreditToppedUp;
  readonly LedgerPosted: LedgerPosted;
  readonly LedgerReserved: LedgerReserved;
  readonly LedgerVoided: LedgerVoided;
  readonly PriceVersion: PriceVersion;
  readonly PricesRefused: PricesRefused;
  readonly PricesSet: PricesSet;
  readonly ReviewCharge: ReviewCharge;
  readonly SetPrices: SetPrices;
  readonly TakeTieredUse: TakeTieredUse;
  readonly TenantCredit: TenantCredit;
  readonly TopUpCredit: TopUpCredit;
  readonly AnswerLease: AnswerLease;
  readonly AskLeaseAhead: AskLeaseAhead;
  readonly AskLease: AskLease;
  readonly BudgetReserved: BudgetReserved;
  readonly BudgetSettled: BudgetSettled;
  readonly GrantLease: GrantLease;
  readonly LeaseAwaited: LeaseAwaited;
  readonly LeaseDeferred: LeaseDeferred;
  readonly LeaseGivenBack: LeaseGivenBack;
  readonly LeaseGranted: LeaseGranted;
  readonly LeaseRecalled: LeaseRecalled;
  readonly LeaseReceived: LeaseReceived;
  readonly LeaseRefused: LeaseRefused;
  readonly LeaseRequested: LeaseRequested;
  readonly LeaseReturned: LeaseReturned;
  readonly LeaseSettled: LeaseSettled;
  readonly RecallLease: RecallLease;
  readonly ReturnLease: ReturnLease;
  readonly SettleLease: SettleLease;
  readonly AttestCapsule: AttestCapsule;
  readonly CapsuleAttested: CapsuleAttested;
  readonly CapsuleInstallRefused: CapsuleInstallRefused;
  readonly CapsuleInstall: CapsuleInstall;
  readonly CapsuleInstalled: CapsuleInstalled;
  readonly CapsuleListed: CapsuleListed;
  readonly CapsuleRefused: CapsuleRefused;
  readonly CapsuleReviewed: CapsuleReviewed;
  readonly CapsuleRevoked: CapsuleRevoked;
  readonly CapsuleRolledBack: CapsuleRolledBack;
  readonly CapsuleSubmitted: CapsuleSubmitted;
  readonly CapsuleUninstalled: CapsuleUninstalled;
  readonly CapsuleUpgradeChecked: CapsuleUpgradeChecked;
  readonly CapsuleUpgraded: CapsuleUpgraded;
  readonly CapsuleYanked: CapsuleYanked;
  readonly Capsule: Capsule;
  readonly InstallCapsule: InstallCapsule;
  readonly KeepUpgradeCheck: KeepUpgradeCheck;
  readonly ReviewCapsule: ReviewCapsule;
  readonly RevokeCapsule: RevokeCapsule;
  readonly RollbackCapsule: RollbackCapsule;
  readonly SubmitCapsule: SubmitCapsule;
  readonly UninstallCapsule: UninstallCapsule;
  readonly UpgradeCapsule: UpgradeCapsule;
  readonly YankCapsule: YankCapsule;
  readonly ActivateConstitution: ActivateConstitution;
  readonly ConstitutionActivated: ConstitutionActivated;
  readonly ConstitutionProposed: ConstitutionProposed;
  readonly ConstitutionPublished: ConstitutionPublished;
  readonly ConstitutionRefused: ConstitutionRefused;
  readonly ConstitutionReviewed: ConstitutionReviewed;
  readonly ConstitutionShadowed: ConstitutionShadowed;
  readonly ConstitutionSigned: ConstitutionSigned;
  readonly ProposeConstitution: ProposeConstitution;
  readonly ReviewConstitution: ReviewConstitution;
  readonly ShadowConstitution: ShadowConstitution;
  readonly SignConstitution: SignConstitution;
  readonly CancelTurn: CancelTurn;
  readonly ConversationOpened: ConversationOpened;
  readonly TimeOutTurn: TimeOutTurn;
  readonly TurnCompleted: TurnCompleted;
  readonly TurnDelta: TurnDelta;
  readonly TurnFailed: TurnFailed;
  readonly TurnQueued: TurnQueued;
  readonly TurnRefused: TurnRefused;
  readonly TurnStarted: TurnStarted;
  readonly AddGoldenCase: AddGoldenCase;
  readonly BaselineSet: BaselineSet;
  readonly EvaluationEnded: EvaluationEnded;
  readonly GoldenCaseAdded: GoldenCaseAdded;
  readonly GoldenSetDefined: GoldenSetDefined;
  readonly GoldenSetRefused: GoldenSetRefused;
  readonly GoldenSetRemoved: GoldenSetRemoved;
  readonly GoldenSet: GoldenSet;
  readonly KeepEvaluation: KeepEvaluation;
  readonly NoteChange: NoteChange;
  readonly PutGoldenSet: PutGoldenSet;
  readonly RemoveGoldenSet: RemoveGoldenSet;
  readonly SetBaseline: SetBaseline;
  readonly CreateFile: CreateFile;
  readonly DeleteFile: DeleteFile;
  readonly DropWorkspaceFile: DropWorkspaceFile;
  readonly FileCreated: FileCreated;
  readonly FileDeleted: FileDeleted;
  readonly FilePiece: FilePiece;
  readonly FileRefused: FileRefused;
  readonly KeepFile: KeepFile;
  readonly KeepWorkspaceFile: KeepWorkspaceFile;
  readonly ApiKeyIssued: ApiKeyIssued;
  readonly ApiKeyRevoked: ApiKeyRevoked;
  readonly ApiKeyRotated: ApiKeyRotated;
  readonly ApiKey: ApiKey;
  readonly DefinePrincipal: DefinePrincipal;
  readonly DefineRole: DefineRole;
  readonly DefineTenant: DefineTenant;
  readonly IdentityRefused: IdentityRefused;
  readonly IssueApiKey: IssueApiKey;
  readonly PrincipalDefined: PrincipalDefined;
  readonly PrincipalRemoved: PrincipalRemoved;
  readonly Principal: Principal;
  readonly RemovePrincipal: RemovePrincipal;
  readonly RemoveRole: RemoveRole;
  readonly RevokeApiKey: RevokeApiKey;
  readonly RoleDefined: RoleDefined;
  readonly RoleRemoved: RoleRemoved;
  readonly Role: Role;
  readonly RotateApiKey: RotateApiKey;
  readonly TenantDefined: TenantDefined;
  readonly Tenant: Tenant;
  readonly EmbedText: EmbedText;
  readonly EmbeddingCompleted: EmbeddingCompleted;
  readonly InferText: InferText;
  readonly InferenceCompleted: InferenceCompleted;
  readonly InferenceFailed: InferenceFailed;
  readonly InferenceRefused: InferenceRefused;
  readonly InferenceStarted: InferenceStarted;
  readonly ModerateText: ModerateText;
  readonly TextModerated: TextModerated;
  readonly AskJobEmbedding: AskJobEmbedding;
  readonly AskJobModel: AskJobModel;
  readonly CancelChildJob: CancelChildJob;
  readonly CancelJob: CancelJob;
  readonly DropJobEntries: DropJobEntries;
  readonly EndBatchedJob: EndBatchedJob;
  readonly EndChildJob: EndChildJob;
  readonly EndJobBatch: EndJobBatch;
  readonly EndJobRun: EndJobRun;
  readonly ForkJob: ForkJob;
  readonly GrantJobSlot: GrantJobSlot;
  readonly JobAccepted: JobAccepted;
  readonly JobBatchBegun: JobBatchBegun;
  readonly JobBatchLeft: JobBatchLeft;
  readonly JobBatched: JobBatched;
  readonly JobCancelled: JobCancelled;
  readonly JobCompleted: JobCompleted;
  readonly JobDead: JobDead;
  readonly JobEntriesDropped: JobEntriesDropped;
  readonly JobEntryKept: JobEntryKept;
  readonly JobFailed: JobFailed;
  readonly JobPaused: JobPaused;
  readonly JobProgressed: JobProgressed;
  readonly JobQueued: JobQueued;
  readonly JobRefused: JobRefused;
  readonly JobResumed: JobResumed;
  readonly JobRetried: JobRetried;
  readonly JobRunEnded: JobRunEnded;
  readonly JobRunFailed: JobRunFailed;
  readonly JobRunStarted: JobRunStarted;
  readonly JobSignalled: JobSignalled;
  readonly JobSimulationDecided: JobSimulationDecided;
  readonly JobSlotCleared: JobSlotCleared;
  readonly JobSlotGranted: JobSlotGranted;
  readonly JobSlotJoined: JobSlotJoined;
  readonly JobSlotQueued: JobSlotQueued;
  readonly JobSlotRefused: JobSlotRefused;
  readonly JobSlotReleased: JobSlotReleased;
  readonly JobSlotSuperseded: JobSlotSuperseded;
  readonly JobStepAttempted: JobStepAttempted;
  readonly JobStepCompleted: JobStepCompleted;
  readonly JobSuspended: JobSuspended;
  readonly JobType: JobType;
  readonly JobWaiting: JobWaiting;
  readonly JoinJobBatch: JoinJobBatch;
  readonly KeepJobEntry: KeepJobEntry;
  readonly LoadJobEntries: LoadJobEntries;
  readonly PauseJob: PauseJob;
  readonly RecordJobProgress: RecordJobProgress;
  readonly RecordJobStep: RecordJobStep;
  readonly RecordJobWait: RecordJobWait;
  readonly RefuseJobSlot: RefuseJobSlot;
  readonly ReleaseJobSlot: ReleaseJobSlot;
  readonly RequestJobSlot: RequestJobSlot;
  readonly ResumeJob: ResumeJob;
  readonly RetryJob: RetryJob;
  readonly RunJob: RunJob;
  readonly SendJobEntries: SendJobEntries;
  readonly SignalJob: SignalJob;
  readonly StartChildJob: StartChildJob;
  readonly StartJob: StartJob;
  readonly StopJobRun: StopJobRun;
  readonly SupersedeJob: SupersedeJob;
  readonly WakeJobSlot: WakeJobSlot;
  readonly WakeJob: WakeJob;
  readonly EngageKillSwitch: EngageKillSwitch;
  readonly KillSwitchEngaged: KillSwitchEngaged;
  readonly KillSwitchRefused: KillSwitchRefused;
  readonly KillSwitchReleaseProposed: KillSwitchReleaseProposed;
  readonly KillSwitchReleased: KillSwitchReleased;
  readonly KillSwitch: KillSwitch;
  readonly ReleaseKillSwitch: ReleaseKillSwitch;
  readonly AskRecall: AskRecall;
  readonly DropMemory: DropMemory;
  readonly ForgetMemory: ForgetMemory;
  readonly KeepMemory: KeepMemory;
  readonly LinkMemories: LinkMemories;
  readonly MemoryForgotten: MemoryForgotten;
  readonly MemoryLinked: MemoryLinked;
  readonly MemoryRefused: MemoryRefused;
  readonly MemoryRemembered: MemoryRemembered;
  readonly RecallAnswered: RecallAnswered;
  readonly RememberMemory: RememberMemory;
  readonly DeadLettersRead: DeadLettersRead;
  readonly DeadLettersSettled: DeadLettersSettled;
  readonly OperationRefused: OperationRefused;
  readonly ReadDeadLetters: ReadDeadLetters;
  readonly SettleDeadLetters: SettleDeadLetters;
  readonly DefinePersona: DefinePersona;
  readonly PersonaDefined: PersonaDefined;
  readonly PersonaRefused: PersonaRefused;
  readonly PersonaRemoved: PersonaRemoved;
  readonly Persona: Persona;
  readonly RemovePersona: RemovePersona;
  readonly AskClassifier: AskClassifier;
  readonly AskPolicyEngine: AskPolicyEngine;
  readonly ClassifierAnswered: ClassifierAnswered;
  readonly PolicyDecided: PolicyDecided;
  readonly PolicyEngineAnswered: PolicyEngineAnswered;
  readonly ReviewLease: ReviewLease;
  readonly SessionRemembered: SessionRemembered;
  readonly ShadowDecided: ShadowDecided;
  readonly SimulateCommand: SimulateCommand;
  readonly TrialDecided: TrialDecided;
  readonly TrialRefused: TrialRefused;
  readonly TryCommand: TryCommand;
  readonly RevocationRefused: RevocationRefused;
  readonly RevokeTokens: RevokeTokens;
  readonly TokensRevoked: TokensRevoked;
  readonly BackfillSchedule: BackfillSchedule;
  readonly CancelScheduledJob: CancelScheduledJob;
  readonly DefineSchedule: DefineSchedule;
  readonly EndScheduledJob: EndScheduledJob;
  readonly FireSchedule: FireSchedule;
  readonly PauseSchedule: PauseSchedule;
  readonly RemoveSchedule: RemoveSchedule;
  readonly ResumeSchedule: ResumeSchedule;
  readonly ScheduleBackfilled: ScheduleBackfilled;
  readonly ScheduleBuffered: ScheduleBuffered;
  readonly ScheduleDefined: ScheduleDefined;
  readonly ScheduleFired: ScheduleFired;
  readonly SchedulePaused: SchedulePaused;
  readonly ScheduleRefused: ScheduleRefused;
  readonly ScheduleRemoved: ScheduleRemoved;
  readonly ScheduleResumed: ScheduleResumed;
  readonly ScheduleSkipped: ScheduleSkipped;
  readonly ScheduledJobEnded: ScheduledJobEnded;
  readonly StartScheduledJob: StartScheduledJob;
  readonly TriggerSchedule: TriggerSchedule;
  readonly ChangeSession: ChangeSession;
  readonly SessionChangeRefused: SessionChangeRefused;
  readonly SessionChanged: SessionChanged;
  readonly SessionRefused: SessionRefused;
  readonly SessionStarted: SessionStarted;
  readonly StartSession: StartSession;
  readonly SubmitTurn: SubmitTurn;
  readonly CancelSlmRequest: CancelSlmRequest;
  readonly SlmCompleted: SlmCompleted;
  readonly SlmEmbedded: SlmEmbedded;
  readonly SlmEmbeddingRequested: SlmEmbeddingRequested;
  readonly SlmFailed: SlmFailed;
  readonly SlmMetered: SlmMetered;
  readonly SlmRequested: SlmRequested;
  readonly CallTool: CallTool;
  readonly QuarantineTool: QuarantineTool;
  readonly RegisterTool: RegisterTool;
  readonly RemoveTool: RemoveTool;
  readonly ReviseToolCall: ReviseToolCall;
  readonly RunToolCall: RunToolCall;
  readonly ToolCallBegan: ToolCallBegan;
  readonly ToolCallCompleted: ToolCallCompleted;
  readonly ToolCallEnded: ToolCallEnded;
  readonly ToolCallHeld: ToolCallHeld;
  readonly ToolCallRefused: ToolCallRefused;
  readonly ToolCallRequested: ToolCallRequested;
  readonly ToolCallRevisionRefused: ToolCallRevisionRefused;
  readonly ToolCallStarted: ToolCallStarted;
  readonly ToolCallWaiting: ToolCallWaiting;
  readonly ToolQuarantined: ToolQuarantined;
  readonly ToolRefused: ToolRefused;
  readonly ToolRegistered: ToolRegistered;
  readonly ToolRemoved: ToolRemoved;
  readonly ToolUpdated: ToolUpdated;
  readonly Tool: Tool;
  readonly UpdateTool: UpdateTool;
  readonly ImportTemplate: ImportTemplate;
  readonly RemoveTemplate: RemoveTemplate;
  readonly TemplateImported: TemplateImported;
  readonly TemplateRefused: TemplateRefused;
  readonly TemplateRemoved: TemplateRemoved;
}

export type RecordName = keyof Records;
export type RecordOf<N extends RecordName> = { readonly [K in N]: { readonly type: K; readonly data: Records[K] } }[N];
export type AnyRecord = RecordOf<RecordName>;

export const fullNames = {
  AgentAnswerRejected: 'khipu.agents.AgentAnswerRejected',
  AgentCallEnded: 'khipu.agents.AgentCallEnded',
  AgentFormatDropped: 'khipu.agents.AgentFormatDropped',
  AgentRunCancelled: 'khipu.agents.AgentRunCancelled',
  AgentRunCompleted: 'khipu.agents.AgentRunCompleted',
  AgentRunFailed: 'khipu.agents.AgentRunFailed',
  AgentRunRefused: 'khipu.agents.AgentRunRefused',
  AgentRunStarted: 'khipu.agents.AgentRunStarted',
  AgentStepCompleted: 'khipu.agents.AgentStepCompleted',
  AgentStepStarted: 'khipu.agents.AgentStepStarted',
  AskAgentModel: 'khipu.agents.AskAgentModel',
  CancelAgentRun: 'khipu.agents.CancelAgentRun',
  CancelChildAgentRun: 'khipu.agents.CancelChildAgentRun',
  EndChildAgentRun: 'khipu.agents.EndChildAgentRun',
  ProgramSegmentEnded: 'khipu.agents.ProgramSegmentEnded',
  RunAgentProgram: 'khipu.agents.RunAgentProgram',
  RunProgramSegment: 'khipu.agents.RunProgramSegment',
  StartAgentRun: 'khipu.agents.StartAgentRun',
  StartChildAgentRun: 'khipu.agents.StartChildAgentRun',
  TimeOutAgentRun: 'khipu.agents.TimeOutAgentRun',
  SourceJoined: 'khipu.analytics.SourceJoined',
  WindowMeasured: 'khipu.analytics.WindowMeasured',
  AnomalyDetected: 'khipu.anomalies.AnomalyDetected',
  AnomalySettingsRefused: 'khipu.anomalies.AnomalySettingsRefused',
  AnomalySettingsSet: 'khipu.anomalies.AnomalySettingsSet',
  AnomalySettings: 'khipu.anomalies.AnomalySettings',
  KillSwitchSuggested: 'khipu.anomalies.KillSwitchSuggested',
  ReviewSeries: 'khipu.anomalies.ReviewSeries',
  SeriesMeasured: 'khipu.anomalies.SeriesMeasured',
  SeriesReviewed: 'khipu.anomalies.SeriesReviewed',
  SetAnomalySettings: 'khipu.anomalies.SetAnomalySettings',
  TakeMeasure: 'khipu.anomalies.TakeMeasure',
  AnswerApprovalGrant: 'khipu.approvals.AnswerApprovalGrant',
  ApprovalEditRefused: 'khipu.approvals.ApprovalEditRefused',
  ApprovalEdited: 'khipu.approvals.ApprovalEdited',
  ApprovalEscalated: 'khipu.approvals.ApprovalEscalated',
  ApprovalExpired: 'khipu.approvals.ApprovalExpired',
  ApprovalGrantEnded: 'khipu.approvals.ApprovalGrantEnded',
  ApprovalGrantGiven: 'khipu.approvals.ApprovalGrantGiven',
  ApprovalGrantSought: 'khipu.approvals.ApprovalGrantSought',
  ApprovalGrantUsed: 'khipu.approvals.ApprovalGrantUsed',
  ApprovalGranted: 'khipu.approvals.ApprovalGranted',
  ApprovalRefused: 'khipu.approvals.ApprovalRefused',
  ApprovalRejected: 'khipu.approvals.ApprovalRejected',
  ApprovalRequested: 'khipu.approvals.ApprovalRequested',
  ApprovalVoted: 'khipu.approvals.ApprovalVoted',
  ApproverNotified: 'khipu.approvals.ApproverNotified',
  DecideApproval: 'khipu.approvals.DecideApproval',
  EndApprovalGrant: 'khipu.approvals.EndApprovalGrant',
  EndGrantSearch: 'khipu.approvals.EndGrantSearch',
  EscalateApproval: 'khipu.approvals.EscalateApproval',
  ExpireApproval: 'khipu.approvals.ExpireApproval',
  GiveApprovalGrant: 'khipu.approvals.GiveApprovalGrant',
  RevokeApprovalGrant: 'khipu.approvals.RevokeApprovalGrant',
  UseApprovalGrant: 'khipu.approvals.UseApprovalGrant',
  AuditRecorded: 'khipu.audit.AuditRecorded',
  ChargeClosed: 'khipu.billing.ChargeClosed',
  CorrectCharge: 'khipu.billing.CorrectCharge',
  CorrectionRefused: 'khipu.billing.CorrectionRefused',
  CreditRefused: 'khipu.billing.CreditRefused',
  CreditToppedUp: 'khipu.billing.CreditToppedUp',
  LedgerPosted: 'khipu.billing.LedgerPosted',
  LedgerReserved: 'khipu.billing.LedgerReserved',
  LedgerVoided: 'khipu.billing.LedgerVoided',
  PriceVersion: 'khipu.billing.PriceVersion',
  PricesRefused: 'khipu.billing.PricesRefused',
  PricesSet: 'khipu.billing.PricesSet',
  ReviewCharge: 'khipu.billing.ReviewCharge',
  SetPrices: 'khipu.billing.SetPrices',
  TakeTieredUse: 'khipu.billing.TakeTieredUse',
  TenantCredit: 'khipu.billing.TenantCredit',
  TopUpCredit: 'khipu.billing.TopUpCredit',
  AnswerLease: 'khipu.budget.AnswerLease',
  AskLeaseAhead: 'khipu.budget.AskLeaseAhead',
  AskLease: 'khipu.budget.AskLease',
  BudgetReserved: 'khipu.budget.BudgetReserved',
  BudgetSettled: 'khipu.budget.BudgetSettled',
  GrantLease: 'khipu.budget.GrantLease',
  LeaseAwaited: 'khipu.budget.LeaseAwaited',
  LeaseDeferred: 'khipu.budget.LeaseDeferred',
  LeaseGivenBack: 'khipu.budget.LeaseGivenBack',
  LeaseGranted: 'khipu.budget.LeaseGranted',
  LeaseRecalled: 'khipu.budget.LeaseRecalled',
  LeaseReceived: 'khipu.budget.LeaseReceived',
  LeaseRefused: 'khipu.budget.LeaseRefused',
  LeaseRequested: 'khipu.budget.LeaseRequested',
  LeaseReturned: 'khipu.budget.LeaseReturned',
  LeaseSettled: 'khipu.budget.LeaseSettled',
  RecallLease: 'khipu.budget.RecallLease',
  ReturnLease: 'khipu.budget.ReturnLease',
  SettleLease: 'khipu.budget.SettleLease',
  AttestCapsule: 'khipu.capsules.AttestCapsule',
  CapsuleAttested: 'khipu.capsules.CapsuleAttested',
  CapsuleInstallRefused: 'khipu.capsules.CapsuleInstallRefused',
  CapsuleInstall: 'khipu.capsules.CapsuleInstall',
  CapsuleInstalled: 'khipu.capsules.CapsuleInstalled',
  CapsuleListed: 'khipu.capsules.CapsuleListed',
  CapsuleRefused: 'khipu.capsules.CapsuleRefused',
  CapsuleReviewed: 'khipu.capsules.CapsuleReviewed',
  CapsuleRevoked: 'khipu.capsules.CapsuleRevoked',
  CapsuleRolledBack: 'khipu.capsules.CapsuleRolledBack',
  CapsuleSubmitted: 'khipu.capsules.CapsuleSubmitted',
  CapsuleUninstalled: 'khipu.capsules.CapsuleUninstalled',
  CapsuleUpgradeChecked: 'khipu.capsules.CapsuleUpgradeChecked',
  CapsuleUpgraded: 'khipu.capsules.CapsuleUpgraded',
  CapsuleYanked: 'khipu.capsules.CapsuleYanked',
  Capsule: 'khipu.capsules.Capsule',
  InstallCapsule: 'khipu.capsules.InstallCapsule',
  KeepUpgradeCheck: 'khipu.capsules.KeepUpgradeCheck',
  ReviewCapsule: 'khipu.capsules.ReviewCapsule',
  RevokeCapsule: 'khipu.capsules.RevokeCapsule',
  RollbackCapsule: 'khipu.capsules.RollbackCapsule',
  SubmitCapsule: 'khipu.capsules.SubmitCapsule',
  UninstallCapsule: 'khipu.capsules.UninstallCapsule',
  UpgradeCapsule: 'khipu.capsules.UpgradeCapsule',
  YankCapsule: 'khipu.capsules.YankCapsule',
  ActivateConstitution: 'khipu.constitution.ActivateConstitution',
  ConstitutionActivated: 'khipu.constitution.ConstitutionActivated',
  ConstitutionProposed: 'khipu.constitution.ConstitutionProposed',
  ConstitutionPublished: 'khipu.constitution.ConstitutionPublished',
  ConstitutionRefused: 'khipu.constitution.ConstitutionRefused',
  ConstitutionReviewed: 'khipu.constitution.ConstitutionReviewed',
  ConstitutionShadowed: 'khipu.constitution.ConstitutionShadowed',
  ConstitutionSigned: 'khipu.constitution.ConstitutionSigned',
  ProposeConstitution: 'khipu.constitution.ProposeConstitution',
  ReviewConstitution: 'khipu.constitution.ReviewConstitution',
  ShadowConstitution: 'khipu.constitution.ShadowConstitution',
  SignConstitution: 'khipu.constitution.SignConstitution',
  CancelTurn: 'khipu.conversation.CancelTurn',
  ConversationOpened: 'khipu.conversation.ConversationOpened',
  TimeOutTurn: 'khipu.conversation.TimeOutTurn',
  TurnCompleted: 'khipu.conversation.TurnCompleted',
  TurnDelta: 'khipu.conversation.TurnDelta',
  TurnFailed: 'khipu.conversation.TurnFailed',
  TurnQueued: 'khipu.conversation.TurnQueued',
  TurnRefused: 'khipu.conversation.TurnRefused',
  TurnStarted: 'khipu.conversation.TurnStarted',
  AddGoldenCase: 'khipu.evaluations.AddGoldenCase',
  BaselineSet: 'khipu.evaluations.BaselineSet',
  EvaluationEnded: 'khipu.evaluations.EvaluationEnded',
  GoldenCaseAdded: 'khipu.evaluations.GoldenCaseAdded',
  GoldenSetDefined: 'khipu.evaluations.GoldenSetDefined',
  GoldenSetRefused: 'khipu.evaluations.GoldenSetRefused',
  GoldenSetRemoved: 'khipu.evaluations.GoldenSetRemoved',
  GoldenSet: 'khipu.evaluations.GoldenSet',
  KeepEvaluation: 'khipu.evaluations.KeepEvaluation',
  NoteChange: 'khipu.evaluations.NoteChange',
  PutGoldenSet: 'khipu.evaluations.PutGoldenSet',
  RemoveGoldenSet: 'khipu.evaluations.RemoveGoldenSet',
  SetBaseline: 'khipu.evaluations.SetBaseline',
  CreateFile: 'khipu.files.CreateFile',
  DeleteFile: 'khipu.files.DeleteFile',
  DropWorkspaceFile: 'khipu.files.DropWorkspaceFile',
  FileCreated: 'khipu.files.FileCreated',
  FileDeleted: 'khipu.files.FileDeleted',
  FilePiece: 'khipu.files.FilePiece',
  FileRefused: 'khipu.files.FileRefused',
  KeepFile: 'khipu.files.KeepFile',
  KeepWorkspaceFile: 'khipu.files.KeepWorkspaceFile',
  ApiKeyIssued: 'khipu.identity.ApiKeyIssued',
  ApiKeyRevoked: 'khipu.identity.ApiKeyRevoked',
  ApiKeyRotated: 'khipu.identity.ApiKeyRotated',
  ApiKey: 'khipu.identity.ApiKey',
  DefinePrincipal: 'khipu.identity.DefinePrincipal',
  DefineRole: 'khipu.identity.DefineRole',
  DefineTenant: 'khipu.identity.DefineTenant',
  IdentityRefused: 'khipu.identity.IdentityRefused',
  IssueApiKey: 'khipu.identity.IssueApiKey',
  PrincipalDefined: 'khipu.identity.PrincipalDefined',
  PrincipalRemoved: 'khipu.identity.PrincipalRemoved',
  Principal: 'khipu.identity.Principal',
  RemovePrincipal: 'khipu.identity.RemovePrincipal',
  RemoveRole: 'khipu.identity.RemoveRole',
  RevokeApiKey: 'khipu.identity.RevokeApiKey',
  RoleDefined: 'khipu.identity.RoleDefined',
  RoleRemoved: 'khipu.identity.RoleRemoved',
  Role: 'khipu.identity.Role',
  RotateApiKey: 'khipu.identity.RotateApiKey',
  TenantDefined: 'khipu.identity.TenantDefined',
  Tenant: 'khipu.identity.Tenant',
  EmbedText: 'khipu.inference.EmbedText',
  EmbeddingCompleted: 'khipu.inference.EmbeddingCompleted',
  InferText: 'khipu.inference.InferText',
  InferenceCompleted: 'khipu.inference.InferenceCompleted',
  InferenceFailed: 'khipu.inference.InferenceFailed',
  InferenceRefused: 'khipu.inference.InferenceRefused',
  InferenceStarted: 'khipu.inference.InferenceStarted',
  ModerateText: 'khipu.inference.ModerateText',
  TextModerated: 'khipu.inference.TextModerated',
  AskJobEmbedding: 'khipu.jobs.AskJobEmbedding',
  AskJobModel: 'khipu.jobs.AskJobModel',
  CancelChildJob: 'khipu.jobs.CancelChildJob',
  CancelJob: 'khipu.jobs.CancelJob',
  DropJobEntries: 'khipu.jobs.DropJobEntries',
  EndBatchedJob: 'khipu.jobs.EndBatchedJob',
  EndChildJob: 'khipu.jobs.EndChildJob',
  EndJobBatch: 'khipu.jobs.EndJobBatch',
  EndJobRun: 'khipu.jobs.EndJobRun',
  ForkJob: 'khipu.jobs.ForkJob',
  GrantJobSlot: 'khipu.jobs.GrantJobSlot',
  JobAccepted: 'khipu.jobs.JobAccepted',
  JobBatchBegun: 'khipu.jobs.JobBatchBegun',
  JobBatchLeft: 'khipu.jobs.JobBatchLeft',
  JobBatched: 'khipu.jobs.JobBatched',
  JobCancelled: 'khipu.jobs.JobCancelled',
  JobCompleted: 'khipu.jobs.JobCompleted',
  JobDead: 'khipu.jobs.JobDead',
  JobEntriesDropped: 'khipu.jobs.JobEntriesDropped',
  JobEntryKept: 'khipu.jobs.JobEntryKept',
  JobFailed: 'khipu.jobs.JobFailed',
  JobPaused: 'khipu.jobs.JobPaused',
  JobProgressed: 'khipu.jobs.JobProgressed',
  JobQueued: 'khipu.jobs.JobQueued',
  JobRefused: 'khipu.jobs.JobRefused',
  JobResumed: 'khipu.jobs.JobResumed',
  JobRetried: 'khipu.jobs.JobRetried',
  JobRunEnded: 'khipu.jobs.JobRunEnded',
  JobRunFailed: 'khipu.jobs.JobRunFailed',
  JobRunStarted: 'khipu.jobs.JobRunStarted',
  JobSignalled: 'khipu.jobs.JobSignalled',
  JobSimulationDecided: 'khipu.jobs.JobSimulationDecided',
  JobSlotCleared: 'khipu.jobs.JobSlotCleared',
  JobSlotGranted: 'khipu.jobs.JobSlotGranted',
  JobSlotJoined: 'khipu.jobs.JobSlotJoined',
  JobSlotQueued: 'khipu.jobs.JobSlotQueued',
  JobSlotRefused: 'khipu.jobs.JobSlotRefused',
  JobSlotReleased: 'khipu.jobs.JobSlotReleased',
  JobSlotSuperseded: 'khipu.jobs.JobSlotSuperseded',
  JobStepAttempted: 'khipu.jobs.JobStepAttempted',
  JobStepCompleted: 'khipu.jobs.JobStepCompleted',
  JobSuspended: 'khipu.jobs.JobSuspended',
  JobType: 'khipu.jobs.JobType',
  JobWaiting: 'khipu.jobs.JobWaiting',
  JoinJobBatch: 'khipu.jobs.JoinJobBatch',
  KeepJobEntry: 'khipu.jobs.KeepJobEntry',
  LoadJobEntries: 'khipu.jobs.LoadJobEntries',
  PauseJob: 'khipu.jobs.PauseJob',
  RecordJobProgress: 'khipu.jobs.RecordJobProgress',
  RecordJobStep: 'khipu.jobs.RecordJobStep',
  RecordJobWait: 'khipu.jobs.RecordJobWait',
  RefuseJobSlot: 'khipu.jobs.RefuseJobSlot',
  ReleaseJobSlot: 'khipu.jobs.ReleaseJobSlot',
  RequestJobSlot: 'khipu.jobs.RequestJobSlot',
  ResumeJob: 'khipu.jobs.ResumeJob',
  RetryJob: 'khipu.jobs.RetryJob',
  RunJob: 'khipu.jobs.RunJob',
  SendJobEntries: 'khipu.jobs.SendJobEntries',
  SignalJob: 'khipu.jobs.SignalJob',
  StartChildJob: 'khipu.jobs.StartChildJob',
  StartJob: 'khipu.jobs.StartJob',
  StopJobRun: 'khipu.jobs.StopJobRun',
  SupersedeJob: 'khipu.jobs.SupersedeJob',
  WakeJobSlot: 'khipu.jobs.WakeJobSlot',
  WakeJob: 'khipu.jobs.WakeJob',
  EngageKillSwitch: 'khipu.kill_switch.EngageKillSwitch',
  KillSwitchEngaged: 'khipu.kill_switch.KillSwitchEngaged',
  KillSwitchRefused: 'khipu.kill_switch.KillSwitchRefused',
  KillSwitchReleaseProposed: 'khipu.kill_switch.KillSwitchReleaseProposed',
  KillSwitchReleased: 'khipu.kill_switch.KillSwitchReleased',
  KillSwitch: 'khipu.kill_switch.KillSwitch',
  ReleaseKillSwitch: 'khipu.kill_switch.ReleaseKillSwitch',
  AskRecall: 'khipu.memory.AskRecall',
  DropMemory: 'khipu.memory.DropMemory',
  ForgetMemory: 'khipu.memory.ForgetMemory',
  KeepMemory: 'khipu.memory.KeepMemory',
  LinkMemories: 'khipu.memory.LinkMemories',
  MemoryForgotten: 'khipu.memory.MemoryForgotten',
  MemoryLinked: 'khipu.memory.MemoryLinked',
  MemoryRefused: 'khipu.memory.MemoryRefused',
  MemoryRemembered: 'khipu.memory.MemoryRemembered',
  RecallAnswered: 'khipu.memory.RecallAnswered',
  RememberMemory: 'khipu.memory.RememberMemory',
  DeadLettersRead: 'khipu.operations.DeadLettersRead',
  DeadLettersSettled: 'khipu.operations.DeadLettersSettled',
  OperationRefused: 'khipu.operations.OperationRefused',
  ReadDeadLetters: 'khipu.operations.ReadDeadLetters',
  SettleDeadLetters: 'khipu.operations.SettleDeadLetters',
  DefinePersona: 'khipu.personas.DefinePersona',
  PersonaDefined: 'khipu.personas.PersonaDefined',
  PersonaRefused: 'khipu.personas.PersonaRefused',
  PersonaRemoved: 'khipu.personas.PersonaRemoved',
  Persona: 'khipu.personas.Persona',
  RemovePersona: 'khipu.personas.RemovePersona',
  AskClassifier: 'khipu.policy.AskClassifier',
  AskPolicyEngine: 'khipu.policy.AskPolicyEngine',
  ClassifierAnswered: 'khipu.policy.ClassifierAnswered',
  PolicyDecided: 'khipu.policy.PolicyDecided',
  PolicyEngineAnswered: 'khipu.policy.PolicyEngineAnswered',
  ReviewLease: 'khipu.policy.ReviewLease',
  SessionRemembered: 'khipu.policy.SessionRemembered',
  ShadowDecided: 'khipu.policy.ShadowDecided',
  SimulateCommand: 'khipu.policy.SimulateCommand',
  TrialDecided: 'khipu.policy.TrialDecided',
  TrialRefused: 'khipu.policy.TrialRefused',
  TryCommand: 'khipu.policy.TryCommand',
  RevocationRefused: 'khipu.revocations.RevocationRefused',
  RevokeTokens: 'khipu.revocations.RevokeTokens',
  TokensRevoked: 'khipu.revocations.TokensRevoked',
  BackfillSchedule: 'khipu.schedules.BackfillSchedule',
  CancelScheduledJob: 'khipu.schedules.CancelScheduledJob',
  DefineSchedule: 'khipu.schedules.DefineSchedule',
  EndScheduledJob: 'khipu.schedules.EndScheduledJob',
  FireSchedule: 'khipu.schedules.FireSchedule',
  PauseSchedule: 'khipu.schedules.PauseSchedule',
  RemoveSchedule: 'khipu.schedules.RemoveSchedule',
  ResumeSchedule: 'khipu.schedules.ResumeSchedule',
  ScheduleBackfilled: 'khipu.schedules.ScheduleBackfilled',
  ScheduleBuffered: 'khipu.schedules.ScheduleBuffered',
  ScheduleDefined: 'khipu.schedules.ScheduleDefined',
  ScheduleFired: 'khipu.schedules.ScheduleFired',
  SchedulePaused: 'khipu.schedules.SchedulePaused',
  ScheduleRefused: 'khipu.schedules.ScheduleRefused',
  ScheduleRemoved: 'khipu.schedules.ScheduleRemoved',
  ScheduleResumed: 'khipu.schedules.ScheduleResumed',
  ScheduleSkipped: 'khipu.schedules.ScheduleSkipped',
  ScheduledJobEnded: 'khipu.schedules.ScheduledJobEnded',
  StartScheduledJob: 'khipu.schedules.StartScheduledJob',
  TriggerSchedule: 'khipu.schedules.TriggerSchedule',
  ChangeSession: 'khipu.sessions.ChangeSession',
  SessionChangeRefused: 'khipu.sessions.SessionChangeRefused',
  SessionChanged: 'khipu.sessions.SessionChanged',
  SessionRefused: 'khipu.sessions.SessionRefused',
  SessionStarted: 'khipu.sessions.SessionStarted',
  StartSession: 'khipu.sessions.StartSession',
  SubmitTurn: 'khipu.sessions.SubmitTurn',
  CancelSlmRequest: 'khipu.slm.CancelSlmRequest',
  SlmCompleted: 'khipu.slm.SlmCompleted',
  SlmEmbedded: 'khipu.slm.SlmEmbedded',
  SlmEmbeddingRequested: 'khipu.slm.SlmEmbeddingRequested',
  SlmFailed: 'khipu.slm.SlmFailed',
  SlmMetered: 'khipu.slm.SlmMetered',
  SlmRequested: 'khipu.slm.SlmRequested',
  CallTool: 'khipu.tools.CallTool',
  QuarantineTool: 'khipu.tools.QuarantineTool',
  RegisterTool: 'khipu.tools.RegisterTool',
  RemoveTool: 'khipu.tools.RemoveTool',
  ReviseToolCall: 'khipu.tools.ReviseToolCall',
  RunToolCall: 'khipu.tools.RunToolCall',
  ToolCallBegan: 'khipu.tools.ToolCallBegan',
  ToolCallCompleted: 'khipu.tools.ToolCallCompleted',
  ToolCallEnded: 'khipu.tools.ToolCallEnded',
  ToolCallHeld: 'khipu.tools.ToolCallHeld',
  ToolCallRefused: 'khipu.tools.ToolCallRefused',
  ToolCallRequested: 'khipu.tools.ToolCallRequested',
  ToolCallRevisionRefused: 'khipu.tools.ToolCallRevisionRefused',
  ToolCallStarted: 'khipu.tools.ToolCallStarted',
  ToolCallWaiting: 'khipu.tools.ToolCallWaiting',
  ToolQuarantined: 'khipu.tools.ToolQuarantined',
  ToolRefused: 'khipu.tools.ToolRefused',
  ToolRegistered: 'khipu.tools.ToolRegistered',
  ToolRemoved: 'khipu.tools.ToolRemoved',
  ToolUpdated: 'khipu.tools.ToolUpdated',
  Tool: 'khipu.tools.Tool',
  UpdateTool: 'khipu.tools.UpdateTool',
  ImportTemplate: 'khipu.workflows.ImportTemplate',
  RemoveTemplate: 'khipu.workflows.RemoveTemplate',
  TemplateImported: 'khipu.workflows.TemplateImported',
  TemplateRefused: 'khipu.workflows.TemplateRefused',
  TemplateRemoved: 'khipu.workflows.TemplateRemoved',
} as const satisfies Record<RecordName, string>;

export const agentAnswerRejected = (data: AgentAnswerRejected): RecordOf<'AgentAnswerRejected'> => ({ type: 'AgentAnswerRejected', data });
export const agentCallEnded = (data: AgentCallEnded): RecordOf<'AgentCallEnded'> => ({ type: 'AgentCallEnded', data });
export const agentFormatDropped = (data: AgentFormatDropped): RecordOf<'AgentFormatDropped'> => ({ type: 'AgentFormatDropped', data });
export const agentRunCancelled = (data: AgentRunCancelled): RecordOf<'AgentRunCancelled'> => ({ type: 'AgentRunCancelled', data });
export const agentRunCompleted = (data: AgentRunCompleted): RecordOf<'AgentRunCompleted'> => ({ type: 'AgentRunCompleted', data });
export const agentRunFailed = (data: AgentRunFailed): RecordOf<'AgentRunFailed'> => ({ type: 'AgentRunFailed', data });
export const agentRunRefused = (data: AgentRunRefused): RecordOf<'AgentRunRefused'> => ({ type: 'AgentRunRefused', data });
export const agentRunStarted = (data: AgentRunStarted): RecordOf<'AgentRunStarted'> => ({ type: 'AgentRunStarted', data });
export const agentStepCompleted = (data: AgentStepCompleted): RecordOf<'AgentStepCompleted'> => ({ type: 'AgentStepCompleted', data });
export const agentStepStarted = (data: AgentStepStarted): RecordOf<'AgentStepStarted'> => ({ type: 'AgentStepStarted', data });
export const askAgentModel = (data: AskAgentModel): RecordOf<'AskAgentModel'> => ({ type: 'AskAgentModel', data });
export const cancelAgentRun = (data: CancelAgentRun): RecordOf<'CancelAgentRun'> => ({ type: 'CancelAgentRun', data });
export const cancelChildAgentRun = (data: CancelChildAgentRun): RecordOf<'CancelChildAgentRun'> => ({ type: 'CancelChildAgentRun', data });
export const endChildAgentRun = (data: EndChildAgentRun): RecordOf<'EndChildAgentRun'> => ({ type: 'EndChildAgentRun', data });
export const programSegmentEnded = (data: ProgramSegmentEnded): RecordOf<'ProgramSegmentEnded'> => ({ type: 'ProgramSegmentEnded', data });
export const runAgentProgram = (data: RunAgentProgram): RecordOf<'RunAgentProgram'> => ({ type: 'RunAgentProgram', data });
export const runProgramSegment = (data: RunProgramSegment): RecordOf<'RunProgramSegment'> => ({ type: 'RunProgramSegment', data });
export const startAgentRun = (data: StartAgentRun): RecordOf<'StartAgentRun'> => ({ type: 'StartAgentRun', data });
export const startChildAgentRun = (data: StartChildAgentRun): RecordOf<'StartChildAgentRun'> => ({ type: 'StartChildAgentRun', data });
export const timeOutAgentRun = (data: TimeOutAgentRun): RecordOf<'TimeOutAgentRun'> => ({ type: 'TimeOutAgentRun', data });
export const sourceJoined = (data: SourceJoined): RecordOf<'SourceJoined'> => ({ type: 'SourceJoined', data });
export const windowMeasured = (data: WindowMeasured): RecordOf<'WindowMeasured'> => ({ type: 'WindowMeasured', data });
export const anomalyDetected = (data: AnomalyDetected): RecordOf<'AnomalyDetected'> => ({ type: 'AnomalyDetected', data });
export const anomalySettingsRefused = (data: AnomalySettingsRefused): RecordOf<'AnomalySettingsRefused'> => ({ type: 'AnomalySettingsRefused', data });
export const anomalySettingsSet = (data: AnomalySettingsSet): RecordOf<'AnomalySettingsSet'> => ({ type: 'AnomalySettingsSet', data });
export const anomalySettings = (data: AnomalySettings): RecordOf<'AnomalySettings'> => ({ type: 'AnomalySettings', data });
export const killSwitchSuggested = (data: KillSwitchSuggested): RecordOf<'KillSwitchSuggested'> => ({ type: 'KillSwitchSuggested', data });
export const reviewSeries = (data: ReviewSeries): RecordOf<'ReviewSeries'> => ({ type: 'ReviewSeries', data });
export const seriesMeasured = (data: SeriesMeasured): RecordOf<'SeriesMeasured'> => ({ type: 'SeriesMeasured', data });
export const seriesReviewed = (data: SeriesReviewed): RecordOf<'SeriesReviewed'> => ({ type: 'SeriesReviewed', data });
export const setAnomalySettings = (data: SetAnomalySettings): RecordOf<'SetAnomalySettings'> => ({ type: 'SetAnomalySettings', data });
export const takeMeasure = (data: TakeMeasure): RecordOf<'TakeMeasure'> => ({ type: 'TakeMeasure', data });
export const answerApprovalGrant = (data: AnswerApprovalGrant): RecordOf<'AnswerApprovalGrant'> => ({ type: 'AnswerApprovalGrant', data });
export const approvalEditRefused = (data: ApprovalEditRefused): RecordOf<'ApprovalEditRefused'> => ({ type: 'ApprovalEditRefused', data });
export const approvalEdited = (data: ApprovalEdited): RecordOf<'ApprovalEdited'> => ({ type: 'ApprovalEdited', data });
export const approvalEscalated = (data: ApprovalEscalated): RecordOf<'ApprovalEscalated'> => ({ type: 'ApprovalEscalated', data });
export const approvalExpired = (data: ApprovalExpired): RecordOf<'ApprovalExpired'> => ({ type: 'ApprovalExpired', data });
export const approvalGrantEnded = (data: ApprovalGrantEnded): RecordOf<'ApprovalGrantEnded'> => ({ type: 'ApprovalGrantEnded', data });
export const approvalGrantGiven = (data: ApprovalGrantGiven): RecordOf<'ApprovalGrantGiven'> => ({ type: 'ApprovalGrantGiven', data });
export const approvalGrantSought = (data: ApprovalGrantSought): RecordOf<'ApprovalGrantSought'> => ({ type: 'ApprovalGrantSought', data });
export const approvalGrantUsed = (data: ApprovalGrantUsed): RecordOf<'ApprovalGrantUsed'> => ({ type: 'ApprovalGrantUsed', data });
export const approvalGranted = (data: ApprovalGranted): RecordOf<'ApprovalGranted'> => ({ type: 'ApprovalGranted', data });
export const approvalRefused = (data: ApprovalRefused): RecordOf<'ApprovalRefused'> => ({ type: 'ApprovalRefused', data });
export const approvalRejected = (data: ApprovalRejected): RecordOf<'ApprovalRejected'> => ({ type: 'ApprovalRejected', data });
export const approvalRequested = (data: ApprovalRequested): RecordOf<'ApprovalRequested'> => ({ type: 'ApprovalRequested', data });
export const approvalVoted = (data: ApprovalVoted): RecordOf<'ApprovalVoted'> => ({ type: 'ApprovalVoted', data });
export const approverNotified = (data: ApproverNotified): RecordOf<'ApproverNotified'> => ({ type: 'ApproverNotified', data });
export const decideApproval = (data: DecideApproval): RecordOf<'DecideApproval'> => ({ type: 'DecideApproval', data });
export const endApprovalGrant = (data: EndApprovalGrant): RecordOf<'EndApprovalGrant'> => ({ type: 'EndApprovalGrant', data });
export const endGrantSearch = (data: EndGrantSearch): RecordOf<'EndGrantSearch'> => ({ type: 'EndGrantSearch', data });
export const escalateApproval = (data: EscalateApproval): RecordOf<'EscalateApproval'> => ({ type: 'EscalateApproval', data });
export const expireApproval = (data: ExpireApproval): RecordOf<'ExpireApproval'> => ({ type: 'ExpireApproval', data });
export const giveApprovalGrant = (data: GiveApprovalGrant): RecordOf<'GiveApprovalGrant'> => ({ type: 'GiveApprovalGrant', data });
export const revokeApprovalGrant = (data: RevokeApprovalGrant): RecordOf<'RevokeApprovalGrant'> => ({ type: 'RevokeApprovalGrant', data });
export const useApprovalGrant = (data: UseApprovalGrant): RecordOf<'UseApprovalGrant'> => ({ type: 'UseApprovalGrant', data });
export const auditRecorded = (data: AuditRecorded): RecordOf<'AuditRecorded'> => ({ type: 'AuditRecorded', data });
export const chargeClosed = (data: ChargeClosed): RecordOf<'ChargeClosed'> => ({ type: 'ChargeClosed', data });
export const correctCharge = (data: CorrectCharge): RecordOf<'CorrectCharge'> => ({ type: 'CorrectCharge', data });
export const correctionRefused = (data: CorrectionRefused): RecordOf<'CorrectionRefused'> => ({ type: 'CorrectionRefused', data });
export const creditRefused = (data: CreditRefused): RecordOf<'CreditRefused'> => ({ type: 'CreditRefused', data });
export const creditToppedUp = (data: CreditToppedUp): RecordOf<'CreditToppedUp'> => ({ type: 'CreditToppedUp', data });
export const ledgerPosted = (data: LedgerPosted): RecordOf<'LedgerPosted'> => ({ type: 'LedgerPosted', data });
export const ledgerReserved = (data: LedgerReserved): RecordOf<'LedgerReserved'> => ({ type: 'LedgerReserved', data });
export const ledgerVoided = (data: LedgerVoided): RecordOf<'LedgerVoided'> => ({ type: 'LedgerVoided', data });
export const priceVersion = (data: PriceVersion): RecordOf<'PriceVersion'> => ({ type: 'PriceVersion', data });
export const pricesRefused = (data: PricesRefused): RecordOf<'PricesRefused'> => ({ type: 'PricesRefused', data });
export const pricesSet = (data: PricesSet): RecordOf<'PricesSet'> => ({ type: 'PricesSet', data });
export const reviewCharge = (data: ReviewCharge): RecordOf<'ReviewCharge'> => ({ type: 'ReviewCharge', data });
export const setPrices = (data: SetPrices): RecordOf<'SetPrices'> => ({ type: 'SetPrices', data });
export const takeTieredUse = (data: TakeTieredUse): RecordOf<'TakeTieredUse'> => ({ type: 'TakeTieredUse', data });
export const tenantCredit = (data: TenantCredit): RecordOf<'TenantCredit'> => ({ type: 'TenantCredit', data });
export const topUpCredit = (data: TopUpCredit): RecordOf<'TopUpCredit'> => ({ type: 'TopUpCredit', data });
export const answerLease = (data: AnswerLease): RecordOf<'AnswerLease'> => ({ type: 'AnswerLease', data });
export const askLeaseAhead = (data: AskLeaseAhead): RecordOf<'AskLeaseAhead'> => ({ type: 'AskLeaseAhead', data });
export const askLease = (data: AskLease): RecordOf<'AskLease'> => ({ type: 'AskLease', data });
export const budgetReserved = (data: BudgetReserved): RecordOf<'BudgetReserved'> => ({ type: 'BudgetReserved', data });
export const budgetSettled = (data: BudgetSettled): RecordOf<'BudgetSettled'> => ({ type: 'BudgetSettled', data });
export const grantLease = (data: GrantLease): RecordOf<'GrantLease'> => ({ type: 'GrantLease', data });
export const leaseAwaited = (data: LeaseAwaited): RecordOf<'LeaseAwaited'> => ({ type: 'LeaseAwaited', data });
export const leaseDeferred = (data: LeaseDeferred): RecordOf<'LeaseDeferred'> => ({ type: 'LeaseDeferred', data });
export const leaseGivenBack = (data: LeaseGivenBack): RecordOf<'LeaseGivenBack'> => ({ type: 'LeaseGivenBack', data });
export const leaseGranted = (data: LeaseGranted): RecordOf<'LeaseGranted'> => ({ type: 'LeaseGranted', data });
export const leaseRecalled = (data: LeaseRecalled): RecordOf<'LeaseRecalled'> => ({ type: 'LeaseRecalled', data });
export const leaseReceived = (data: LeaseReceived): RecordOf<'LeaseReceived'> => ({ type: 'LeaseReceived', data });
export const leaseRefused = (data: LeaseRefused): RecordOf<'LeaseRefused'> => ({ type: 'LeaseRefused', data });
export const leaseRequested = (data: LeaseRequested): RecordOf<'LeaseRequested'> => ({ type: 'LeaseRequested', data });
export const leaseReturned = (data: LeaseReturned): RecordOf<'LeaseReturned'> => ({ type: 'LeaseReturned', data });
export const leaseSettled = (data: LeaseSettled): RecordOf<'LeaseSettled'> => ({ type: 'LeaseSettled', data });
export const recallLease = (data: RecallLease): RecordOf<'RecallLease'> => ({ type: 'RecallLease', data });
export const returnLease = (data: ReturnLease): RecordOf<'ReturnLease'> => ({ type: 'ReturnLease', data });
export const settleLease = (data: SettleLease): RecordOf<'SettleLease'> => ({ type: 'SettleLease', data });
export const attestCapsule = (data: AttestCapsule): RecordOf<'AttestCapsule'> => ({ type: 'AttestCapsule', data });
export const capsuleAttested = (data: CapsuleAttested): RecordOf<'CapsuleAttested'> => ({ type: 'CapsuleAttested', data });
export const capsuleInstallRefused = (data: CapsuleInstallRefused): RecordOf<'CapsuleInstallRefused'> => ({ type: 'CapsuleInstallRefused', data });
export const capsuleInstall = (data: CapsuleInstall): RecordOf<'CapsuleInstall'> => ({ type: 'CapsuleInstall', data });
export const capsuleInstalled = (data: CapsuleInstalled): RecordOf<'CapsuleInstalled'> => ({ type: 'CapsuleInstalled', data });
export const capsuleListed = (data: CapsuleListed): RecordOf<'CapsuleListed'> => ({ type: 'CapsuleListed', data });
export const capsuleRefused = (data: CapsuleRefused): RecordOf<'CapsuleRefused'> => ({ type: 'CapsuleRefused', data });
export const capsuleReviewed = (data: CapsuleReviewed): RecordOf<'CapsuleReviewed'> => ({ type: 'CapsuleReviewed', data });
export const capsuleRevoked = (data: CapsuleRevoked): RecordOf<'CapsuleRevoked'> => ({ type: 'CapsuleRevoked', data });
export const capsuleRolledBack = (data: CapsuleRolledBack): RecordOf<'CapsuleRolledBack'> => ({ type: 'CapsuleRolledBack', data });
export const capsuleSubmitted = (data: CapsuleSubmitted): RecordOf<'CapsuleSubmitted'> => ({ type: 'CapsuleSubmitted', data });
export const capsuleUninstalled = (data: CapsuleUninstalled): RecordOf<'CapsuleUninstalled'> => ({ type: 'CapsuleUninstalled', data });
export const capsuleUpgradeChecked = (data: CapsuleUpgradeChecked): RecordOf<'CapsuleUpgradeChecked'> => ({ type: 'CapsuleUpgradeChecked', data });
export const capsuleUpgraded = (data: CapsuleUpgraded): RecordOf<'CapsuleUpgraded'> => ({ type: 'CapsuleUpgraded', data });
export const capsuleYanked = (data: CapsuleYanked): RecordOf<'CapsuleYanked'> => ({ type: 'CapsuleYanked', data });
export const capsule = (data: Capsule): RecordOf<'Capsule'> => ({ type: 'Capsule', data });
export const installCapsule = (data: InstallCapsule): RecordOf<'InstallCapsule'> => ({ type: 'InstallCapsule', data });
export const keepUpgradeCheck = (data: KeepUpgradeCheck): RecordOf<'KeepUpgradeCheck'> => ({ type: 'KeepUpgradeCheck', data });
export const reviewCapsule = (data: ReviewCapsule): RecordOf<'ReviewCapsule'> => ({ type: 'ReviewCapsule', data });
export const revokeCapsule = (data: RevokeCapsule): RecordOf<'RevokeCapsule'> => ({ type: 'RevokeCapsule', data });
export const rollbackCapsule = (data: RollbackCapsule): RecordOf<'RollbackCapsule'> => ({ type: 'RollbackCapsule', data });
export const submitCapsule = (data: SubmitCapsule): RecordOf<'SubmitCapsule'> => ({ type: 'SubmitCapsule', data });
export const uninstallCapsule = (data: UninstallCapsule): RecordOf<'UninstallCapsule'> => ({ type: 'UninstallCapsule', data });
export const upgradeCapsule = (data: UpgradeCapsule): RecordOf<'UpgradeCapsule'> => ({ type: 'UpgradeCapsule', data });
export const yankCapsule = (data: YankCapsule): RecordOf<'YankCapsule'> => ({ type: 'YankCapsule', data });
export const activateConstitution = (data: ActivateConstitution): RecordOf<'ActivateConstitution'> => ({ type: 'ActivateConstitution', data });
export const constitutionActivated = (data: ConstitutionActivated): RecordOf<'ConstitutionActivated'> => ({ type: 'ConstitutionActivated', data });
export const constitutionProposed = (data: ConstitutionProposed): RecordOf<'ConstitutionProposed'> => ({ type: 'ConstitutionProposed', data });
export const constitutionPublished = (data: ConstitutionPublished): RecordOf<'ConstitutionPublished'> => ({ type: 'ConstitutionPublished', data });
export const constitutionRefused = (data: ConstitutionRefused): RecordOf<'ConstitutionRefused'> => ({ type: 'ConstitutionRefused', data });
export const constitutionReviewed = (data: ConstitutionReviewed): RecordOf<'ConstitutionReviewed'> => ({ type: 'ConstitutionReviewed', data });
export const constitutionShadowed = (data: ConstitutionShadowed): RecordOf<'ConstitutionShadowed'> => ({ type: 'ConstitutionShadowed', data });
export const constitutionSigned = (data: ConstitutionSigned): RecordOf<'ConstitutionSigned'> => ({ type: 'ConstitutionSigned', data });
export const proposeConstitution = (data: ProposeConstitution): RecordOf<'ProposeConstitution'> => ({ type: 'ProposeConstitution', data });
export const reviewConstitution = (data: ReviewConstitution): RecordOf<'ReviewConstitution'> => ({ type: 'ReviewConstitution', data });
export const shadowConstitution = (data: ShadowConstitution): RecordOf<'ShadowConstitution'> => ({ type: 'ShadowConstitution', data });
export const signConstitution = (data: SignConstitution): RecordOf<'SignConstitution'> => ({ type: 'SignConstitution', data });
export const cancelTurn = (data: CancelTurn): RecordOf<'CancelTurn'> => ({ type: 'CancelTurn', data });
export const conversationOpened = (data: ConversationOpened): RecordOf<'ConversationOpened'> => ({ type: 'ConversationOpened', data });
export const timeOutTurn = (data: TimeOutTurn): RecordOf<'TimeOutTurn'> => ({ type: 'TimeOutTurn', data });
export const turnCompleted = (data: TurnCompleted): RecordOf<'TurnCompleted'> => ({ type: 'TurnCompleted', data });
export const turnDelta = (data: TurnDelta): RecordOf<'TurnDelta'> => ({ type: 'TurnDelta', data });
export const turnFailed = (data: TurnFailed): RecordOf<'TurnFailed'> => ({ type: 'TurnFailed', data });
export const turnQueued = (data: TurnQueued): RecordOf<'TurnQueued'> => ({ type: 'TurnQueued', data });
export const turnRefused = (data: TurnRefused): RecordOf<'TurnRefused'> => ({ type: 'TurnRefused', data });
export const turnStarted = (data: TurnStarted): RecordOf<'TurnStarted'> => ({ type: 'TurnStarted', data });
export const addGoldenCase = (data: AddGoldenCase): RecordOf<'AddGoldenCase'> => ({ type: 'AddGoldenCase', data });
export const baselineSet = (data: BaselineSet): RecordOf<'BaselineSet'> => ({ type: 'BaselineSet', data });
export const evaluationEnded = (data: EvaluationEnded): RecordOf<'EvaluationEnded'> => ({ type: 'EvaluationEnded', data });
export const goldenCaseAdded = (data: GoldenCaseAdded): RecordOf<'GoldenCaseAdded'> => ({ type: 'GoldenCaseAdded', data });
export const goldenSetDefined = (data: GoldenSetDefined): RecordOf<'GoldenSetDefined'> => ({ type: 'GoldenSetDefined', data });
export const goldenSetRefused = (data: GoldenSetRefused): RecordOf<'GoldenSetRefused'> => ({ type: 'GoldenSetRefused', data });
export const goldenSetRemoved = (data: GoldenSetRemoved): RecordOf<'GoldenSetRemoved'> => ({ type: 'GoldenSetRemoved', data });
export const goldenSet = (data: GoldenSet): RecordOf<'GoldenSet'> => ({ type: 'GoldenSet', data });
export const keepEvaluation = (data: KeepEvaluation): RecordOf<'KeepEvaluation'> => ({ type: 'KeepEvaluation', data });
export const noteChange = (data: NoteChange): RecordOf<'NoteChange'> => ({ type: 'NoteChange', data });
export const putGoldenSet = (data: PutGoldenSet): RecordOf<'PutGoldenSet'> => ({ type: 'PutGoldenSet', data });
export const removeGoldenSet = (data: RemoveGoldenSet): RecordOf<'RemoveGoldenSet'> => ({ type: 'RemoveGoldenSet', data });
export const setBaseline = (data: SetBaseline): RecordOf<'SetBaseline'> => ({ type: 'SetBaseline', data });
export const createFile = (data: CreateFile): RecordOf<'CreateFile'> => ({ type: 'CreateFile', data });
export const deleteFile = (data: DeleteFile): RecordOf<'DeleteFile'> => ({ type: 'DeleteFile', data });
export const dropWorkspaceFile = (data: DropWorkspaceFile): RecordOf<'DropWorkspaceFile'> => ({ type: 'DropWorkspaceFile', data });
export const fileCreated = (data: FileCreated): RecordOf<'FileCreated'> => ({ type: 'FileCreated', data });
export const fileDeleted = (data: FileDeleted): RecordOf<'FileDeleted'> => ({ type: 'FileDeleted', data });
export const filePiece = (data: FilePiece): RecordOf<'FilePiece'> => ({ type: 'FilePiece', data });
export const fileRefused = (data: FileRefused): RecordOf<'FileRefused'> => ({ type: 'FileRefused', data });
export const keepFile = (data: KeepFile): RecordOf<'KeepFile'> => ({ type: 'KeepFile', data });
export const keepWorkspaceFile = (data: KeepWorkspaceFile): RecordOf<'KeepWorkspaceFile'> => ({ type: 'KeepWorkspaceFile', data });
export const apiKeyIssued = (data: ApiKeyIssued): RecordOf<'ApiKeyIssued'> => ({ type: 'ApiKeyIssued', data });
export const apiKeyRevoked = (data: ApiKeyRevoked): RecordOf<'ApiKeyRevoked'> => ({ type: 'ApiKeyRevoked', data });
export const apiKeyRotated = (data: ApiKeyRotated): RecordOf<'ApiKeyRotated'> => ({ type: 'ApiKeyRotated', data });
export const apiKey = (data: ApiKey): RecordOf<'ApiKey'> => ({ type: 'ApiKey', data });
export const definePrincipal = (data: DefinePrincipal): RecordOf<'DefinePrincipal'> => ({ type: 'DefinePrincipal', data });
export const defineRole = (data: DefineRole): RecordOf<'DefineRole'> => ({ type: 'DefineRole', data });
export const defineTenant = (data: DefineTenant): RecordOf<'DefineTenant'> => ({ type: 'DefineTenant', data });
export const identityRefused = (data: IdentityRefused): RecordOf<'IdentityRefused'> => ({ type: 'IdentityRefused', data });
export const issueApiKey = (data: IssueApiKey): RecordOf<'IssueApiKey'> => ({ type: 'IssueApiKey', data });
export const principalDefined = (data: PrincipalDefined): RecordOf<'PrincipalDefined'> => ({ type: 'PrincipalDefined', data });
export const principalRemoved = (data: PrincipalRemoved): RecordOf<'PrincipalRemoved'> => ({ type: 'PrincipalRemoved', data });
export const principal = (data: Principal): RecordOf<'Principal'> => ({ type: 'Principal', data });
export const removePrincipal = (data: RemovePrincipal): RecordOf<'RemovePrincipal'> => ({ type: 'RemovePrincipal', data });
export const removeRole = (data: RemoveRole): RecordOf<'RemoveRole'> => ({ type: 'RemoveRole', data });
export const revokeApiKey = (data: RevokeApiKey): RecordOf<'RevokeApiKey'> => ({ type: 'RevokeApiKey', data });
export const roleDefined = (data: RoleDefined): RecordOf<'RoleDefined'> => ({ type: 'RoleDefined', data });
export const roleRemoved = (data: RoleRemoved): RecordOf<'RoleRemoved'> => ({ type: 'RoleRemoved', data });
export const role = (data: Role): RecordOf<'Role'> => ({ type: 'Role', data });
export const rotateApiKey = (data: RotateApiKey): RecordOf<'RotateApiKey'> => ({ type: 'RotateApiKey', data });
export const tenantDefined = (data: TenantDefined): RecordOf<'TenantDefined'> => ({ type: 'TenantDefined', data });
export const tenant = (data: Tenant): RecordOf<'Tenant'> => ({ type: 'Tenant', data });
export const embedText = (data: EmbedText): RecordOf<'EmbedText'> => ({ type: 'EmbedText', data });
export const embeddingCompleted = (data: EmbeddingCompleted): RecordOf<'EmbeddingCompleted'> => ({ type: 'EmbeddingCompleted', data });
export const inferText = (data: InferText): RecordOf<'InferText'> => ({ type: 'InferText', data });
export const inferenceCompleted = (data: InferenceCompleted): RecordOf<'InferenceCompleted'> => ({ type: 'InferenceCompleted', data });
export const inferenceFailed = (data: InferenceFailed): RecordOf<'InferenceFailed'> => ({ type: 'InferenceFailed', data });
export const inferenceRefused = (data: InferenceRefused): RecordOf<'InferenceRefused'> => ({ type: 'InferenceRefused', data });
export const inferenceStarted = (data: InferenceStarted): RecordOf<'InferenceStarted'> => ({ type: 'InferenceStarted', data });
export const moderateText = (data: ModerateText): RecordOf<'ModerateText'> => ({ type: 'ModerateText', data });
export const textModerated = (data: TextModerated): RecordOf<'TextModerated'> => ({ type: 'TextModerated', data });
export const askJobEmbedding = (data: AskJobEmbedding): RecordOf<'AskJobEmbedding'> => ({ type: 'AskJobEmbedding', data });
export const askJobModel = (data: AskJobModel): RecordOf<'AskJobModel'> => ({ type: 'AskJobModel', data });
export const cancelChildJob = (data: CancelChildJob): RecordOf<'CancelChildJob'> => ({ type: 'CancelChildJob', data });
export const cancelJob = (data: CancelJob): RecordOf<'CancelJob'> => ({ type: 'CancelJob', data });
export const dropJobEntries = (data: DropJobEntries): RecordOf<'DropJobEntries'> => ({ type: 'DropJobEntries', data });
export const endBatchedJob = (data: EndBatchedJob): RecordOf<'EndBatchedJob'> => ({ type: 'EndBatchedJob', data });
export const endChildJob = (data: EndChildJob): RecordOf<'EndChildJob'> => ({ type: 'EndChildJob', data });
export const endJobBatch = (data: EndJobBatch): RecordOf<'EndJobBatch'> => ({ type: 'EndJobBatch', data });
export const endJobRun = (data: EndJobRun): RecordOf<'EndJobRun'> => ({ type: 'EndJobRun', data });
export const forkJob = (data: ForkJob): RecordOf<'ForkJob'> => ({ type: 'ForkJob', data });
export const grantJobSlot = (data: GrantJobSlot): RecordOf<'GrantJobSlot'> => ({ type: 'GrantJobSlot', data });
export const jobAccepted = (data: JobAccepted): RecordOf<'JobAccepted'> => ({ type: 'JobAccepted', data });
export const jobBatchBegun = (data: JobBatchBegun): RecordOf<'JobBatchBegun'> => ({ type: 'JobBatchBegun', data });
export const jobBatchLeft = (data: JobBatchLeft): RecordOf<'JobBatchLeft'> => ({ type: 'JobBatchLeft', data });
export const jobBatched = (data: JobBatched): RecordOf<'JobBatched'> => ({ type: 'JobBatched', data });
export const jobCancelled = (data: JobCancelled): RecordOf<'JobCancelled'> => ({ type: 'JobCancelled', data });
export const jobCompleted = (data: JobCompleted): RecordOf<'JobCompleted'> => ({ type: 'JobCompleted', data });
export const jobDead = (data: JobDead): RecordOf<'JobDead'> => ({ type: 'JobDead', data });
export const jobEntriesDropped = (data: JobEntriesDropped): RecordOf<'JobEntriesDropped'> => ({ type: 'JobEntriesDropped', data });
export const jobEntryKept = (data: JobEntryKept): RecordOf<'JobEntryKept'> => ({ type: 'JobEntryKept', data });
export const jobFailed = (data: JobFailed): RecordOf<'JobFailed'> => ({ type: 'JobFailed', data });
export const jobPaused = (data: JobPaused): RecordOf<'JobPaused'> => ({ type: 'JobPaused', data });
export const jobProgressed = (data: JobProgressed): RecordOf<'JobProgressed'> => ({ type: 'JobProgressed', data });
export const jobQueued = (data: JobQueued): RecordOf<'JobQueued'> => ({ type: 'JobQueued', data });
export const jobRefused = (data: JobRefused): RecordOf<'JobRefused'> => ({ type: 'JobRefused', data });
export const jobResumed = (data: JobResumed): RecordOf<'JobResumed'> => ({ type: 'JobResumed', data });
export const jobRetried = (data: JobRetried): RecordOf<'JobRetried'> => ({ type: 'JobRetried', data });
export const jobRunEnded = (data: JobRunEnded): RecordOf<'JobRunEnded'> => ({ type: 'JobRunEnded', data });
export const jobRunFailed = (data: JobRunFailed): RecordOf<'JobRunFailed'> => ({ type: 'JobRunFailed', data });
export const jobRunStarted = (data: JobRunStarted): RecordOf<'JobRunStarted'> => ({ type: 'JobRunStarted', data });
export const jobSignalled = (data: JobSignalled): RecordOf<'JobSignalled'> => ({ type: 'JobSignalled', data });
export const jobSimulationDecided = (data: JobSimulationDecided): RecordOf<'JobSimulationDecided'> => ({ type: 'JobSimulationDecided', data });
export const jobSlotCleared = (data: JobSlotCleared): RecordOf<'JobSlotCleared'> => ({ type: 'JobSlotCleared', data });
export const jobSlotGranted = (data: JobSlotGranted): RecordOf<'JobSlotGranted'> => ({ type: 'JobSlotGranted', data });
export const jobSlotJoined = (data: JobSlotJoined): RecordOf<'JobSlotJoined'> => ({ type: 'JobSlotJoined', data });
export const jobSlotQueued = (data: JobSlotQueued): RecordOf<'JobSlotQueued'> => ({ type: 'JobSlotQueued', data });
export const jobSlotRefused = (data: JobSlotRefused): RecordOf<'JobSlotRefused'> => ({ type: 'JobSlotRefused', data });
export const jobSlotReleased = (data: JobSlotReleased): RecordOf<'JobSlotReleased'> => ({ type: 'JobSlotReleased', data });
export const jobSlotSuperseded = (data: JobSlotSuperseded): RecordOf<'JobSlotSuperseded'> => ({ type: 'JobSlotSuperseded', data });
export const jobStepAttempted = (data: JobStepAttempted): RecordOf<'JobStepAttempted'> => ({ type: 'JobStepAttempted', data });
export const jobStepCompleted = (data: JobStepCompleted): RecordOf<'JobStepCompleted'> => ({ type: 'JobStepCompleted', data });
export const jobSuspended = (data: JobSuspended): RecordOf<'JobSuspended'> => ({ type: 'JobSuspended', data });
export const jobType = (data: JobType): RecordOf<'JobType'> => ({ type: 'JobType', data });
export const jobWaiting = (data: JobWaiting): RecordOf<'JobWaiting'> => ({ type: 'JobWaiting', data });
export const joinJobBatch = (data: JoinJobBatch): RecordOf<'JoinJobBatch'> => ({ type: 'JoinJobBatch', data });
export const keepJobEntry = (data: KeepJobEntry): RecordOf<'KeepJobEntry'> => ({ type: 'KeepJobEntry', data });
export const loadJobEntries = (data: LoadJobEntries): RecordOf<'LoadJobEntries'> => ({ type: 'LoadJobEntries', data });
export const pauseJob = (data: PauseJob): RecordOf<'PauseJob'> => ({ type: 'PauseJob', data });
export const recordJobProgress = (data: RecordJobProgress): RecordOf<'RecordJobProgress'> => ({ type: 'RecordJobProgress', data });
export const recordJobStep = (data: RecordJobStep): RecordOf<'RecordJobStep'> => ({ type: 'RecordJobStep', data });
export const recordJobWait = (data: RecordJobWait): RecordOf<'RecordJobWait'> => ({ type: 'RecordJobWait', data });
export const refuseJobSlot = (data: RefuseJobSlot): RecordOf<'RefuseJobSlot'> => ({ type: 'RefuseJobSlot', data });
export const releaseJobSlot = (data: ReleaseJobSlot): RecordOf<'ReleaseJobSlot'> => ({ type: 'ReleaseJobSlot', data });
export const requestJobSlot = (data: RequestJobSlot): RecordOf<'RequestJobSlot'> => ({ type: 'RequestJobSlot', data });
export const resumeJob = (data: ResumeJob): RecordOf<'ResumeJob'> => ({ type: 'ResumeJob', data });
export const retryJob = (data: RetryJob): RecordOf<'RetryJob'> => ({ type: 'RetryJob', data });
export const runJob = (data: RunJob): RecordOf<'RunJob'> => ({ type: 'RunJob', data });
export const sendJobEntries = (data: SendJobEntries): RecordOf<'SendJobEntries'> => ({ type: 'SendJobEntries', data });
export const signalJob = (data: SignalJob): RecordOf<'SignalJob'> => ({ type: 'SignalJob', data });
export const startChildJob = (data: StartChildJob): RecordOf<'StartChildJob'> => ({ type: 'StartChildJob', data });
export const startJob = (data: StartJob): RecordOf<'StartJob'> => ({ type: 'StartJob', data });
export const stopJobRun = (data: StopJobRun): RecordOf<'StopJobRun'> => ({ type: 'StopJobRun', data });
export const supersedeJob = (data: SupersedeJob): RecordOf<'SupersedeJob'> => ({ type: 'SupersedeJob', data });
export const wakeJobSlot = (data: WakeJobSlot): RecordOf<'WakeJobSlot'> => ({ type: 'WakeJobSlot', data });
export const wakeJob = (data: WakeJob): RecordOf<'WakeJob'> => ({ type: 'WakeJob', data });
export const engageKillSwitch = (data: EngageKillSwitch): RecordOf<'EngageKillSwitch'> => ({ type: 'EngageKillSwitch', data });
export const killSwitchEngaged = (data: KillSwitchEngaged): RecordOf<'KillSwitchEngaged'> => ({ type: 'KillSwitchEngaged', data });
export const killSwitchRefused = (data: KillSwitchRefused): RecordOf<'KillSwitchRefused'> => ({ type: 'KillSwitchRefused', data });
export const killSwitchReleaseProposed = (data: KillSwitchReleaseProposed): RecordOf<'KillSwitchReleaseProposed'> => ({ type: 'KillSwitchReleaseProposed', data });
export const killSwitchReleased = (data: KillSwitchReleased): RecordOf<'KillSwitchReleased'> => ({ type: 'KillSwitchReleased', data });
export const killSwitch = (data: KillSwitch): RecordOf<'KillSwitch'> => ({ type: 'KillSwitch', data });
export const releaseKillSwitch = (data: ReleaseKillSwitch): RecordOf<'ReleaseKillSwitch'> => ({ type: 'ReleaseKillSwitch', data });
export const askRecall = (data: AskRecall): RecordOf<'AskRecall'> => ({ type: 'AskRecall', data });
export const dropMemory = (data: DropMemory): RecordOf<'DropMemory'> => ({ type: 'DropMemory', data });
export const forgetMemory = (data: ForgetMemory): RecordOf<'ForgetMemory'> => ({ type: 'ForgetMemory', data });
export const keepMemory = (data: KeepMemory): RecordOf<'KeepMemory'> => ({ type: 'KeepMemory', data });
export const linkMemories = (data: LinkMemories): RecordOf<'LinkMemories'> => ({ type: 'LinkMemories', data });
export const memoryForgotten = (data: MemoryForgotten): RecordOf<'MemoryForgotten'> => ({ type: 'MemoryForgotten', data });
export const memoryLinked = (data: MemoryLinked): RecordOf<'MemoryLinked'> => ({ type: 'MemoryLinked', data });
export const memoryRefused = (data: MemoryRefused): RecordOf<'MemoryRefused'> => ({ type: 'MemoryRefused', data });
export const memoryRemembered = (data: MemoryRemembered): RecordOf<'MemoryRemembered'> => ({ type: 'MemoryRemembered', data });
export const recallAnswered = (data: RecallAnswered): RecordOf<'RecallAnswered'> => ({ type: 'RecallAnswered', data });
export const rememberMemory = (data: RememberMemory): RecordOf<'RememberMemory'> => ({ type: 'RememberMemory', data });
export const deadLettersRead = (data: DeadLettersRead): RecordOf<'DeadLettersRead'> => ({ type: 'DeadLettersRead', data });
export const deadLettersSettled = (data: DeadLettersSettled): RecordOf<'DeadLettersSettled'> => ({ type: 'DeadLettersSettled', data });
export const operationRefused = (data: OperationRefused): RecordOf<'OperationRefused'> => ({ type: 'OperationRefused', data });
export const readDeadLetters = (data: ReadDeadLetters): RecordOf<'ReadDeadLetters'> => ({ type: 'ReadDeadLetters', data });
export const settleDeadLetters = (data: SettleDeadLetters): RecordOf<'SettleDeadLetters'> => ({ type: 'SettleDeadLetters', data });
export const definePersona = (data: DefinePersona): RecordOf<'DefinePersona'> => ({ type: 'DefinePersona', data });
export const personaDefined = (data: PersonaDefined): RecordOf<'PersonaDefined'> => ({ type: 'PersonaDefined', data });
export const personaRefused = (data: PersonaRefused): RecordOf<'PersonaRefused'> => ({ type: 'PersonaRefused', data });
export const personaRemoved = (data: PersonaRemoved): RecordOf<'PersonaRemoved'> => ({ type: 'PersonaRemoved', data });
export const persona = (data: Persona): RecordOf<'Persona'> => ({ type: 'Persona', data });
export const removePersona = (data: RemovePersona): RecordOf<'RemovePersona'> => ({ type: 'RemovePersona', data });
export const askClassifier = (data: AskClassifier): RecordOf<'AskClassifier'> => ({ type: 'AskClassifier', data });
export const askPolicyEngine = (data: AskPolicyEngine): RecordOf<'AskPolicyEngine'> => ({ type: 'AskPolicyEngine', data });
export const classifierAnswered = (data: ClassifierAnswered): RecordOf<'ClassifierAnswered'> => ({ type: 'ClassifierAnswered', data });
export const policyDecided = (data: PolicyDecided): RecordOf<'PolicyDecided'> => ({ type: 'PolicyDecided', data });
export const policyEngineAnswered = (data: PolicyEngineAnswered): RecordOf<'PolicyEngineAnswered'> => ({ type: 'PolicyEngineAnswered', data });
export const reviewLease = (data: ReviewLease): RecordOf<'ReviewLease'> => ({ type: 'ReviewLease', data });
export const sessionRemembered = (data: SessionRemembered): RecordOf<'SessionRemembered'> => ({ type: 'SessionRemembered', data });
export const shadowDecided = (data: ShadowDecided): RecordOf<'ShadowDecided'> => ({ type: 'ShadowDecided', data });
export const simulateCommand = (data: SimulateCommand): RecordOf<'SimulateCommand'> => ({ type: 'SimulateCommand', data });
export const trialDecided = (data: TrialDecided): RecordOf<'TrialDecided'> => ({ type: 'TrialDecided', data });
export const trialRefused = (data: TrialRefused): RecordOf<'TrialRefused'> => ({ type: 'TrialRefused', data });
export const tryCommand = (data: TryCommand): RecordOf<'TryCommand'> => ({ type: 'TryCommand', data });
export const revocationRefused = (data: RevocationRefused): RecordOf<'RevocationRefused'> => ({ type: 'RevocationRefused', data });
export const revokeTokens = (data: RevokeTokens): RecordOf<'RevokeTokens'> => ({ type: 'RevokeTokens', data });
export const tokensRevoked = (data: TokensRevoked): RecordOf<'TokensRevoked'> => ({ type: 'TokensRevoked', data });
export const backfillSchedule = (data: BackfillSchedule): RecordOf<'BackfillSchedule'> => ({ type: 'BackfillSchedule', data });
export const cancelScheduledJob = (data: CancelScheduledJob): RecordOf<'CancelScheduledJob'> => ({ type: 'CancelScheduledJob', data });
export const defineSchedule = (data: DefineSchedule): RecordOf<'DefineSchedule'> => ({ type: 'DefineSchedule', data });
export const endScheduledJob = (data: EndScheduledJob): RecordOf<'EndScheduledJob'> => ({ type: 'EndScheduledJob', data });
export const fireSchedule = (data: FireSchedule): RecordOf<'FireSchedule'> => ({ type: 'FireSchedule', data });
export const pauseSchedule = (data: PauseSchedule): RecordOf<'PauseSchedule'> => ({ type: 'PauseSchedule', data });
export const removeSchedule = (data: RemoveSchedule): RecordOf<'RemoveSchedule'> => ({ type: 'RemoveSchedule', data });
export const resumeSchedule = (data: ResumeSchedule): RecordOf<'ResumeSchedule'> => ({ type: 'ResumeSchedule', data });
export const scheduleBackfilled = (data: ScheduleBackfilled): RecordOf<'ScheduleBackfilled'> => ({ type: 'ScheduleBackfilled', data });
export const scheduleBuffered = (data: ScheduleBuffered): RecordOf<'ScheduleBuffered'> => ({ type: 'ScheduleBuffered', data });
export const scheduleDefined = (data: ScheduleDefined): RecordOf<'ScheduleDefined'> => ({ type: 'ScheduleDefined', data });
export const scheduleFired = (data: ScheduleFired): RecordOf<'ScheduleFired'> => ({ type: 'ScheduleFired', data });
export const schedulePaused = (data: SchedulePaused): RecordOf<'SchedulePaused'> => ({ type: 'SchedulePaused', data });
export const scheduleRefused = (data: ScheduleRefused): RecordOf<'ScheduleRefused'> => ({ type: 'ScheduleRefused', data });
export const scheduleRemoved = (data: ScheduleRemoved): RecordOf<'ScheduleRemoved'> => ({ type: 'ScheduleRemoved', data });
export const scheduleResumed = (data: ScheduleResumed): RecordOf<'ScheduleResumed'> => ({ type: 'ScheduleResumed', data });
export const scheduleSkipped = (data: ScheduleSkipped): RecordOf<'ScheduleSkipped'> => ({ type: 'ScheduleSkipped', data });
export const scheduledJobEnded = (data: ScheduledJobEnded): RecordOf<'ScheduledJobEnded'> => ({ type: 'ScheduledJobEnded', data });
export const startScheduledJob = (data: StartScheduledJob): RecordOf<'StartScheduledJob'> => ({ type: 'StartScheduledJob', data });
export const triggerSchedule = (data: TriggerSchedule): RecordOf<'TriggerSchedule'> => ({ type: 'TriggerSchedule', data });
export const changeSession = (data: ChangeSession): RecordOf<'ChangeSession'> => ({ type: 'ChangeSession', data });
export const sessionChangeRefused = (data: SessionChangeRefused): RecordOf<'SessionChangeRefused'> => ({ type: 'SessionChangeRefused', data });
export const sessionChanged = (data: SessionChanged): RecordOf<'SessionChanged'> => ({ type: 'SessionChanged', data });
export const sessionRefused = (data: SessionRefused): RecordOf<'SessionRefused'> => ({ type: 'SessionRefused', data });
export const sessionStarted = (data: SessionStarted): RecordOf<'SessionStarted'> => ({ type: 'SessionStarted', data });
export const startSession = (data: StartSession): RecordOf<'StartSession'> => ({ type: 'StartSession', data });
export const submitTurn = (data: SubmitTurn): RecordOf<'SubmitTurn'> => ({ type: 'SubmitTurn', data });
export const cancelSlmRequest = (data: CancelSlmRequest): RecordOf<'CancelSlmRequest'> => ({ type: 'CancelSlmRequest', data });
export const slmCompleted = (data: SlmCompleted): RecordOf<'SlmCompleted'> => ({ type: 'SlmCompleted', data });
export const slmEmbedded = (data: SlmEmbedded): RecordOf<'SlmEmbedded'> => ({ type: 'SlmEmbedded', data });
export const slmEmbeddingRequested = (data: SlmEmbeddingRequested): RecordOf<'SlmEmbeddingRequested'> => ({ type: 'SlmEmbeddingRequested', data });
export const slmFailed = (data: SlmFailed): RecordOf<'SlmFailed'> => ({ type: 'SlmFailed', data });
export const slmMetered = (data: SlmMetered): RecordOf<'SlmMetered'> => ({ type: 'SlmMetered', data });
export const slmRequested = (data: SlmRequested): RecordOf<'SlmRequested'> => ({ type: 'SlmRequested', data });
export const callTool = (data: CallTool): RecordOf<'CallTool'> => ({ type: 'CallTool', data });
export const quarantineTool = (data: QuarantineTool): RecordOf<'QuarantineTool'> => ({ type: 'QuarantineTool', data });
export const registerTool = (data: RegisterTool): RecordOf<'RegisterTool'> => ({ type: 'RegisterTool', data });
export const removeTool = (data: RemoveTool): RecordOf<'RemoveTool'> => ({ type: 'RemoveTool', data });
export const reviseToolCall = (data: ReviseToolCall): RecordOf<'ReviseToolCall'> => ({ type: 'ReviseToolCall', data });
export const runToolCall = (data: RunToolCall): RecordOf<'RunToolCall'> => ({ type: 'RunToolCall', data });
export const toolCallBegan = (data: ToolCallBegan): RecordOf<'ToolCallBegan'> => ({ type: 'ToolCallBegan', data });
export const toolCallCompleted = (data: ToolCallCompleted): RecordOf<'ToolCallCompleted'> => ({ type: 'ToolCallCompleted', data });
export const toolCallEnded = (data: ToolCallEnded): RecordOf<'ToolCallEnded'> => ({ type: 'ToolCallEnded', data });
export const toolCallHeld = (data: ToolCallHeld): RecordOf<'ToolCallHeld'> => ({ type: 'ToolCallHeld', data });
export const toolCallRefused = (data: ToolCallRefused): RecordOf<'ToolCallRefused'> => ({ type: 'ToolCallRefused', data });
export const toolCallRequested = (data: ToolCallRequested): RecordOf<'ToolCallRequested'> => ({ type: 'ToolCallRequested', data });
export const toolCallRevisionRefused = (data: ToolCallRevisionRefused): RecordOf<'ToolCallRevisionRefused'> => ({ type: 'ToolCallRevisionRefused', data });
export const toolCallStarted = (data: ToolCallStarted): RecordOf<'ToolCallStarted'> => ({ type: 'ToolCallStarted', data });
export const toolCallWaiting = (data: ToolCallWaiting): RecordOf<'ToolCallWaiting'> => ({ type: 'ToolCallWaiting', data });
export const toolQuarantined = (data: ToolQuarantined): RecordOf<'ToolQuarantined'> => ({ type: 'ToolQuarantined', data });
export const toolRefused = (data: ToolRefused): RecordOf<'ToolRefused'> => ({ type: 'ToolRefused', data });
export const toolRegistered = (data: ToolRegistered): RecordOf<'ToolRegistered'> => ({ type: 'ToolRegistered', data });
export const toolRemoved = (data: ToolRemoved): RecordOf<'ToolRemoved'> => ({ type: 'ToolRemoved', data });
export const toolUpdated = (data: ToolUpdated): RecordOf<'ToolUpdated'> => ({ type: 'ToolUpdated', data });
export const tool = (data: Tool): RecordOf<'Tool'> => ({ type: 'Tool', data });
export const updateTool = (data: UpdateTool): RecordOf<'UpdateTool'> => ({ type: 'UpdateTool', data });
export const importTemplate = (data: ImportTemplate): RecordOf<'ImportTemplate'> => ({ type: 'ImportTemplate', data });
export const removeTemplate = (data: RemoveTemplate): RecordOf<'RemoveTemplate'> => ({ type: 'RemoveTemplate', data });
export const templateImported = (data: TemplateImported): RecordOf<'TemplateImported'> => ({ type: 'TemplateImported', data });
export const templateRefused = (data: TemplateRefused): RecordOf<'TemplateRefused'> => ({ type: 'TemplateRefused', data });
export const templateRemoved = (data: TemplateRemoved): RecordOf<'TemplateRemoved'> => ({ type: 'TemplateRemoved', data });
