// Generated from schemas/avro by `npm run generate`. Do not edit.


/** Let a published constitution decide from here on. An older version rolls back. */
export interface ActivateConstitution {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** Digest of the document that is meant; another one is refused. */
  readonly digest: string;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:activate. */
  readonly capabilities: readonly string[];
}

/** One API key as it stands, whole: compaction keeps the latest. Never the key itself. */
export interface ApiKey {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Tenant that it belongs to. */
  readonly tenantId: string;
  /** Counts its changes, from 1: the ETag. */
  readonly version: number;
  /** Finds the key; its id. The same after a rotation. */
  readonly prefix: string;
  /** What people call it. */
  readonly name: string;
  /** Principal that acts with it: user: or service_account: and an id. */
  readonly owner: string;
  /** Bounds of what its owner may do with it; null for all that the owner may. */
  readonly capabilities: readonly string[] | null;
  /** Slow hash of the key: scrypt, its cost, salt and hash, base64url. */
  readonly hash: string;
  /** Of the key before the last rotation; null when there is none that counts. */
  readonly previousHash: string | null;
  /** Until when the key before the last rotation counts. */
  readonly previousUntil: number | null;
  /** A revoked one counts nowhere. */
  readonly status: ApiKeyStatus;
  /** When it was issued. */
  readonly createdAt: number;
  /** When it got its present secret; null for the first one. */
  readonly rotatedAt: number | null;
  /** The same for a request that is repeated. */
  readonly requestId: string;
  /** sha256 of the request that it was issued for, hex. */
  readonly requestDigest: string;
}

/** An API key counts from now on. */
export interface ApiKeyIssued {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The key as it stands now. */
  readonly apiKey: ApiKey;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** An API key counts no more. */
export interface ApiKeyRevoked {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The key as it stands now: with no hash. */
  readonly apiKey: ApiKey;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** An API key got another secret. */
export interface ApiKeyRotated {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The key as it stands now. */
  readonly apiKey: ApiKey;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

export type ApiKeyStatus = 'active' | 'revoked';

/** A governed command that our own rules allow, and the facts of it that the outside policy engine is to see. It carries the command. */
export interface AskPolicyEngine {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing. It does not leave the platform. */
  readonly command: AnyRecord;
  /** Who asks. */
  readonly principal: string;
  /** Name of the command's record. */
  readonly action: string;
  /** Model asked for; `default` when none was named. */
  readonly model: string;
  /** Persona; empty outside of sessions. */
  readonly persona: string;
  /** Length of all that is said to the model. */
  readonly promptChars: number;
  /** Longest answer asked for; 0 when none was. */
  readonly maxTokens: number;
  /** What the credential may do. */
  readonly capabilities: readonly string[];
  /** Codes of the moderation findings. */
  readonly moderation: readonly string[];
  /** Labels of the command: what its caller declared, and what the constitution found in its text. */
  readonly labels: readonly string[];
  /** Labels of what was let into the session before; none where the constitution asks for no history. */
  readonly sessionLabels: readonly string[];
  /** Version of the constitution that allows it. */
  readonly constitutionVersion: string;
  /** sha256 of its canonical JSON, hex. */
  readonly constitutionDigest: string;
}

/** One record per event of the other topics: what happened, where it stands in the log, and a digest of its bytes. */
export interface AuditRecorded {
  /** Key of the event; key of this topic. */
  readonly subjectId: string;
  /** ce_id of the event. */
  readonly eventId: string;
  /** ce_type of the event. */
  readonly eventType: string;
  /** Where the event stands. */
  readonly topic: string;
  /** Where the event stands. */
  readonly partition: number;
  /** Where the event stands. */
  readonly offset: number;
  /** Tenant of the event. */
  readonly tenantId: string;
  /** First record of the chain. */
  readonly correlationId: string;
  /** Record that caused the event. */
  readonly causationId: string;
  /** ce_time of the event. */
  readonly at: number;
  /** sha256 of the event's value as it stands in the log, hex. */
  readonly valueSha256: string;
  /** One line for a person. */
  readonly summary: string;
}

/** What a request can use at most, beside the budgets that it is held against. */
export interface BudgetClaim {
  /** Most tokens of prompt and answer together. */
  readonly tokens: number;
  /** Their price. */
  readonly cost: string;
  /** Requests of the tenant that had not ended and hold a part of its budgets. */
  readonly openRequests: number;
  /** Every window that has a limit. */
  readonly standings: readonly BudgetStanding[];
}

/** What may be used within one window. Reserved before a model is asked, settled by what was used. */
export interface BudgetLimit {
  /** Each session; the tenant on each day of UTC; the tenant for ever. */
  readonly window: BudgetWindow;
  /** Tokens of prompts and answers together; null sets no limit. */
  readonly tokensMax: number | null;
  /** Money, in the currency of the platform; null sets no limit. */
  readonly costMax: string | null;
}

export type BudgetOutcome = 'used' | 'unused';

/** An allowed request holds this much of each window of its tenant until it ends. Stands in the transaction of the decision. */
export interface BudgetReserved {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** Most tokens that the request can use. */
  readonly tokens: number;
  /** Their price. */
  readonly cost: string;
  /** Given back by then if it has not ended: later than any request lives. */
  readonly expiresAt: number;
}

/** What was reserved for a request is given back, and what it used is spent. Unused, too, when its end was never told and it expired. */
export interface BudgetSettled {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Whether a model was asked. */
  readonly outcome: BudgetOutcome;
  /** Tokens spent. */
  readonly tokens: number;
  /** Money spent. */
  readonly cost: string;
  /** Tokens given back; 0 when nothing was held. */
  readonly tokensReserved: number;
  /** Money given back. */
  readonly costReserved: string;
  /** Day of UTC on which it is spent, such as 2026-11-25. */
  readonly day: string;
}

/** How one window stood when a request was decided: enough to decide it again. */
export interface BudgetStanding {
  /** The window. */
  readonly window: BudgetWindow;
  /** Its limit; null for none. */
  readonly tokensMax: number | null;
  /** Spent and reserved before this request. */
  readonly tokensTaken: number;
  /** Its limit; null for none. */
  readonly costMax: string | null;
  /** Spent and reserved before this request. */
  readonly costTaken: string;
}

export type BudgetWindow = 'session' | 'day' | 'total';

/** End a request that nobody waits for any more. It acts as soon as it is read; the request then fails with WORK_CANCELLED. One that has ended is left as it is. */
export interface CancelSlmRequest {
  /** Session or inference request that asked; key of the topic, so that it comes behind the request. */
  readonly subjectId: string;
  /** Context that asked. */
  readonly origin: SlmOrigin;
  /** The request to end; the turn's id for a turn. */
  readonly requestId: string;
  /** Why, as a stable code such as TURN_TIMEOUT. */
  readonly reason: string;
}

/** One message of the prompt. */
export interface ChatMessage {
  /** Who speaks. */
  readonly role: ChatRole;
  /** The text. */
  readonly content: string;
}

export type ChatRole = 'system' | 'user' | 'assistant';

/** From here on this version decides. */
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

/** A constitution that is valid and whose own tests pass was put forward. Proposed again, earlier reviews and signatures are void. */
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

/** A constitution was to be proposed, reviewed, signed, activated or shadowed and was not; nothing changed. */
export interface ConstitutionRefused {
  /** Version that was meant, or "shadow"; key of the topic. */
  readonly subject: string;
  /** Who asked. */
  readonly principal: string;
  /** Stable code, such as CONSTITUTION_TESTS_FAILED or SIGNATURE_INVALID. */
  readonly code: string;
  /** What is wrong, for a person. */
  readonly detail: string;
}

/** Somebody approved or rejected a proposed constitution. The latest verdict of a reviewer counts. */
export interface ConstitutionReviewed {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** sha256 of the canonical JSON (RFC 8785) of the document, hex. */
  readonly digest: string;
  /** approve counts towards publication, reject ends the proposal. */
  readonly verdict: ReviewVerdict;
  /** Principal that reviewed it. */
  readonly reviewer: string;
  /** What the reviewer had to say; may be empty. */
  readonly comment: string;
}

/** From here on this version is evaluated beside the active one, without effect; or none is. */
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
  /** Principal that handed it in. */
  readonly submittedBy: string;
}

/** The session's conversation begins; turns may follow. The first event of a session that was allowed. */
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

/** The session token that a command was asked with, as far as revocations look at it. */
export interface Credential {
  /** Session of the token. */
  readonly sessionId: string;
  /** When it was issued, in whole seconds. */
  readonly issuedAt: number;
}

export type DecisionOutcome = 'allow' | 'deny';

/** What a decision said, carried by the events that act on it. */
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
  /** Version of the constitution used; empty when none was: it could not be verified, or a kill switch came first. */
  readonly constitutionVersion: string;
  /** sha256 of the constitution's canonical JSON, hex; empty when none was used. */
  readonly constitutionDigest: string;
}

/** Create a user or a service account, or change it as a whole. */
export interface DefinePrincipal {
  /** Entry that is meant; key of the topic. */
  readonly entryId: string;
  /** Who asks. */
  readonly principal: string;
  /** Tenant of who asks. */
  readonly principalTenant: string;
  /** Capabilities in force: what may be managed with them, and what may be given. */
  readonly capabilities: readonly string[];
  /** 0: there must be none yet; otherwise the version that is to be changed. Null changes any that is there. */
  readonly expectedVersion: number | null;
  /** What people call it. */
  readonly name: string;
  /** False refuses it at every gateway. */
  readonly enabled: boolean;
  /** Names of its roles. */
  readonly roles: readonly string[];
  /** What the added roles give, as the gateway knew them. Who asks must have each. */
  readonly grants: readonly string[];
}

/** Create a role, or change it as a whole. */
export interface DefineRole {
  /** Entry that is meant; key of the topic. */
  readonly entryId: string;
  /** Who asks. */
  readonly principal: string;
  /** Tenant of who asks. */
  readonly principalTenant: string;
  /** Capabilities in force: what may be managed with them, and what may be given. */
  readonly capabilities: readonly string[];
  /** 0: there must be none yet; otherwise the version that is to be changed. Null changes any that is there. */
  readonly expectedVersion: number | null;
  /** What it is for, in one sentence for a person. */
  readonly description: string;
  /** What whoever has the role may do. Who asks must have each that it adds. */
  readonly roleCapabilities: readonly string[];
}

/** Create a tenant, or change it as a whole. */
export interface DefineTenant {
  /** Entry that is meant; key of the topic. */
  readonly entryId: string;
  /** Who asks. */
  readonly principal: string;
  /** Tenant of who asks. */
  readonly principalTenant: string;
  /** Capabilities in force: what may be managed with them, and what may be given. */
  readonly capabilities: readonly string[];
  /** 0: there must be none yet; otherwise the version that is to be changed. Null changes any that is there. */
  readonly expectedVersion: number | null;
  /** What people call it. */
  readonly name: string;
  /** Nothing new runs for a suspended one. */
  readonly status: TenantStatus;
  /** What its work is bound to. */
  readonly settings: TenantSettings;
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
  /** Who asks: service account, API key or user id. */
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

/** Stop new work under a scope. Not governed: stopping must work when no constitution can be verified. */
export interface EngageKillSwitch {
  /** global, or tenant:, model:, tool:, capsule: and an id; key of the topic. */
  readonly scope: string;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as kill-switch:set:global. */
  readonly capabilities: readonly string[];
  /** What becomes of work that was accepted before: stop ends it, drain lets it end. */
  readonly mode: KillSwitchMode;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** True when the release shall take two principals. */
  readonly twoPerson: boolean;
}

/** What the outside policy engine says of a command: an input of the decision, so that it can be made again without asking. */
export interface EngineAnswer {
  /** Unasked: our own rules denied before. Unavailable: no answer within the attempts. Invalid: an answer that is none. */
  readonly outcome: EngineOutcome;
  /** The engine's own reasons, at most 16 of 200 characters. */
  readonly reasons: readonly string[];
  /** What the engine's own decision log calls it; null when it told none. */
  readonly engineDecisionId: string | null;
  /** For a person, what was wrong; empty when it answered. */
  readonly detail: string;
  /** Time of the last request; 0 when none was made. */
  readonly latencyMs: number;
}

export type EngineOutcome = 'unasked' | 'allow' | 'deny' | 'unavailable' | 'invalid';

/** One weighted feature of the score: S(a) = sum of weight * value. */
export interface FeatureScore {
  /** Name of the feature in the constitution. */
  readonly name: string;
  /** phi(x), from 0 (bad) to 1 (good). */
  readonly value: number;
  /** Weight in the constitution; the weights of one constitution sum to 1. */
  readonly weight: number;
}

export type FinishReason = 'stop' | 'length';

/** Something was to be created or changed and was not; nothing changed. */
export interface IdentityRefused {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** Who asked. */
  readonly principal: string;
  /** Stable code: CAPABILITY_MISSING, PRECONDITION_FAILED, ALREADY_EXISTS, TENANT_UNKNOWN, ROLE_UNKNOWN, PRINCIPAL_UNKNOWN, API_KEY_UNKNOWN, API_KEY_REVOKED, TENANT_IS_OWN, SETTINGS_INVALID, ENTRY_INVALID. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** Version that stands; 0 when there is none that the asking principal may know of. */
  readonly version: number;
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
}

/** No answer could be had. */
export interface InferenceFailed {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
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
}

/** Allowed, and the model was asked. Asked for again before it has ended, it is the same request. */
export interface InferenceStarted {
  /** The inference request; UUID. Key of the topic. */
  readonly requestId: string;
  /** Who asks: service account, API key or user id. */
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
  /** Who asks: service account, API key or user id. */
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

/** Let a new API key count. It was made by the gateway, which tells it once; here is its hash. */
export interface IssueApiKey {
  /** Entry that is meant; key of the topic. */
  readonly entryId: string;
  /** Who asks. */
  readonly principal: string;
  /** Tenant of who asks. */
  readonly principalTenant: string;
  /** Capabilities in force: what may be managed with them, and what may be given. */
  readonly capabilities: readonly string[];
  /** What people call it. */
  readonly name: string;
  /** Principal that acts with it: user: or service_account: and an id. */
  readonly owner: string;
  /** Bounds of what its owner may do with it; null for all that the owner may. */
  readonly keyCapabilities: readonly string[] | null;
  /** What can be done with it, as the gateway knew its owner. Who asks must have each. */
  readonly grants: readonly string[];
  /** Slow hash of the key that was made: scrypt, its cost, salt and hash, base64url. */
  readonly hash: string;
  /** The same for a request that is repeated. */
  readonly requestId: string;
  /** sha256 of the request, hex. */
  readonly requestDigest: string;
}

/** One switch as it stands, whole: compaction keeps the latest of a scope. */
export interface KillSwitch {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** True while new work under the scope is refused. */
  readonly engaged: boolean;
  /** What becomes of work that was accepted before: stop ends it, drain lets it end. */
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
  /** Id of the KillSwitchEngaged that made it so; decisions name it. */
  readonly engagedEventId: string;
}

/** From here on new work under the scope is refused. Engaged again, the latest mode and reason count, and a proposal to release is void. */
export interface KillSwitchEngaged {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Id of this record; UUID. The decisions that it makes name it. */
  readonly eventId: string;
  /** What becomes of work that was accepted before: stop ends it, drain lets it end. */
  readonly mode: KillSwitchMode;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Principal that engaged it. */
  readonly engagedBy: string;
  /** When the scope was stopped; stays when it is engaged again. */
  readonly since: number;
  /** True when the release takes two principals; stays once it is so. */
  readonly twoPerson: boolean;
}

export type KillSwitchMode = 'stop' | 'drain';

/** A switch was to be set and was not; nothing changed. */
export interface KillSwitchRefused {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Who asked. */
  readonly principal: string;
  /** Stable code: KILL_SWITCH_SCOPE_INVALID, CAPABILITY_MISSING, KILL_SWITCH_NOT_ENGAGED. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** From here on new work under the scope is decided as ever. */
export interface KillSwitchReleased {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Principal that released it. */
  readonly releasedBy: string;
  /** The other principal, when it took two. */
  readonly proposedBy: string | null;
}

/** One principal would release the switch; it stays engaged until another one says so too. */
export interface KillSwitchReleaseProposed {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Why, in one sentence for a person. */
  readonly reason: string;
  /** Principal that proposed it. */
  readonly proposedBy: string;
  /** From then on the proposal is void, and another one is needed. */
  readonly expiresAt: number;
}

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
  /** Who asked. */
  readonly principal: string;
  /** Version of the evaluator: the same version, input and constitution give the same verdict. */
  readonly evaluatorVersion: string;
  /** What it is held against; null when its tenant has no budget, or the constitution denies it. */
  readonly budget: BudgetClaim | null;
  /** Labels of the command: what its caller declared, and what the constitution found in its text. */
  readonly labels: readonly string[];
  /** What was remembered of its session before; null when the constitution asks for no history, or it is of no session. */
  readonly history: SessionHistory | null;
  /** What the outside policy engine said; null when there is none. */
  readonly engine: EngineAnswer | null;
}

/** What the outside policy engine said of a command, or that it said nothing. Policy decides on it. It carries the command. */
export interface PolicyEngineAnswered {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** Id of the command record; UUID. */
  readonly commandId: string;
  /** The command, in Confluent framing, as the question carried it. */
  readonly command: AnyRecord;
  /** The answer. */
  readonly answer: EngineAnswer;
}

/** One user or service account as it stands, whole: compaction keeps the latest. */
export interface Principal {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Tenant that it belongs to. */
  readonly tenantId: string;
  /** Counts its changes, from 1: the ETag. */
  readonly version: number;
  /** A person, or a program. */
  readonly kind: PrincipalKind;
  /** Its id within tenant and kind; of a user the sub of its access tokens. */
  readonly principalId: string;
  /** What people call it. */
  readonly name: string;
  /** Unless active it is refused at every gateway, with any credentials. */
  readonly status: PrincipalStatus;
  /** Names of its roles. One that does not exist gives nothing. */
  readonly roles: readonly string[];
}

/** A user or a service account was created or changed. */
export interface PrincipalDefined {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The user or service account as it stands now. */
  readonly subject: Principal;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

export type PrincipalKind = 'user' | 'service_account';

/** A user or a service account was removed. */
export interface PrincipalRemoved {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The user or service account as it stood, removed. */
  readonly subject: Principal;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

export type PrincipalStatus = 'active' | 'disabled' | 'removed';

/** Put a constitution forward. Not governed: it must work when no constitution can be verified. */
export interface ProposeConstitution {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** The unsigned document, JSON. */
  readonly document: string;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:propose. */
  readonly capabilities: readonly string[];
}

export type QosLane = 'interactive' | 'batch';

/** Let new work run again under a scope, or propose it where two principals are needed. */
export interface ReleaseKillSwitch {
  /** Scope of the switch; key of the topic. */
  readonly scope: string;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force, such as kill-switch:set:global. */
  readonly capabilities: readonly string[];
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** Remove a user or a service account. Its API keys and session tokens are refused. */
export interface RemovePrincipal {
  /** Entry that is meant; key of the topic. */
  readonly entryId: string;
  /** Who asks. */
  readonly principal: string;
  /** Tenant of who asks. */
  readonly principalTenant: string;
  /** Capabilities in force: what may be managed with them, and what may be given. */
  readonly capabilities: readonly string[];
  /** 0: there must be none yet; otherwise the version that is to be changed. Null changes any that is there. */
  readonly expectedVersion: number | null;
}

/** Remove a role. Whoever has it loses what it gave. */
export interface RemoveRole {
  /** Entry that is meant; key of the topic. */
  readonly entryId: string;
  /** Who asks. */
  readonly principal: string;
  /** Tenant of who asks. */
  readonly principalTenant: string;
  /** Capabilities in force: what may be managed with them, and what may be given. */
  readonly capabilities: readonly string[];
  /** 0: there must be none yet; otherwise the version that is to be changed. Null changes any that is there. */
  readonly expectedVersion: number | null;
}

/** Approve or reject a constitution that was proposed. */
export interface ReviewConstitution {
  /** Version of the document; key of the topic. */
  readonly version: string;
  /** Digest of the document that was read; another one is refused. */
  readonly digest: string;
  /** approve counts towards publication, reject ends the proposal. */
  readonly verdict: ReviewVerdict;
  /** What the reviewer has to say, in one sentence; may be empty. */
  readonly comment: string;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:review. */
  readonly capabilities: readonly string[];
}

export type ReviewVerdict = 'approve' | 'reject';

/** Tokens were to be revoked and were not; nothing changed. */
export interface RevocationRefused {
  /** Scope that was asked for; key of the topic. */
  readonly scope: string;
  /** Who asked. */
  readonly principal: string;
  /** Stable code: REVOCATION_SCOPE_INVALID, CAPABILITY_MISSING. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** Refuse an API key, its former secret too, from now on. */
export interface RevokeApiKey {
  /** Entry that is meant; key of the topic. */
  readonly entryId: string;
  /** Who asks. */
  readonly principal: string;
  /** Tenant of who asks. */
  readonly principalTenant: string;
  /** Capabilities in force: what may be managed with them, and what may be given. */
  readonly capabilities: readonly string[];
  /** 0: there must be none yet; otherwise the version that is to be changed. Null changes any that is there. */
  readonly expectedVersion: number | null;
}

/** Take back the session tokens of a scope that were issued until now. Not governed: it must work when no constitution can be verified. */
export interface RevokeTokens {
  /** tenant, or session: or principal: and an id, of the caller's tenant; key of the topic. */
  readonly scope: string;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes access:revoke. */
  readonly capabilities: readonly string[];
  /** Why, in one sentence for a person. */
  readonly reason: string;
}

/** One role as it stands, whole: a name for capabilities. Compaction keeps the latest. */
export interface Role {
  /** Entry of the directory; key of the topic. */
  readonly entryId: string;
  /** Tenant that it belongs to. */
  readonly tenantId: string;
  /** Counts its changes, from 1: the ETag. */
  readonly version: number;
  /** Its name within the tenant. */
  readonly name: string;
  /** What it is for, in one sentence for a person. */
  readonly description: string;
  /** What whoever has the role may do. */
  readonly capabilities: readonly string[];
  /** A removed one gives nothing; it stays so that its version goes on. */
  readonly status: RoleStatus;
}

/** A role was created or changed. */
export interface RoleDefined {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The role as it stands now. */
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
  /** The role as it stood, removed. */
  readonly role: Role;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

export type RoleStatus = 'active' | 'removed';

/** Give an API key another secret. */
export interface RotateApiKey {
  /** Entry that is meant; key of the topic. */
  readonly entryId: string;
  /** Who asks. */
  readonly principal: string;
  /** Tenant of who asks. */
  readonly principalTenant: string;
  /** Capabilities in force: what may be managed with them, and what may be given. */
  readonly capabilities: readonly string[];
  /** 0: there must be none yet; otherwise the version that is to be changed. Null changes any that is there. */
  readonly expectedVersion: number | null;
  /** Slow hash of the key that was made: scrypt, its cost, salt and hash, base64url. */
  readonly hash: string;
  /** Seconds that the former secret still counts. */
  readonly overlapS: number;
  /** What can be done with it, as the gateway knew its owner. Who asks must have each. */
  readonly grants: readonly string[];
}

/** How far a session has come in one sequence of the constitution. */
export interface SequenceProgress {
  /** Id of the sequence. */
  readonly sequence: string;
  /** Ids of the commands that took its steps so far, in order; UUID. */
  readonly commands: readonly string[];
}

/** What policy remembered of a session before a command: enough to decide on it again. */
export interface SessionHistory {
  /** Labels of what was let into the session. */
  readonly labels: readonly string[];
  /** Sequences of which a step was taken. */
  readonly sequences: readonly SequenceProgress[];
  /** Bytes that the histories of the tenant's sessions might still take. */
  readonly room: number;
}

/** A session was asked for and refused; nothing ran. */
export interface SessionRefused {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Stable code of the refusal, such as POLICY_DENIED. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /** sha256 of the request, hex. */
  readonly requestDigest: string;
  /** The decision that refused it. */
  readonly decision: DecisionSummary;
}

/** Policy remembers more of a session. Stands in the transaction of the decision that let the command in. */
export interface SessionRemembered {
  /** Tenant of the session; key of the topic. */
  readonly tenantId: string;
  /** The session; UUID. */
  readonly sessionId: string;
  /** Decision on the command that changed it. */
  readonly decisionId: string;
  /** True for what the shadow constitution remembers: nothing that counts looks at it. */
  readonly shadow: boolean;
  /** All labels of what was let into the session so far. */
  readonly labels: readonly string[];
  /** All sequences of which a step was taken so far. */
  readonly sequences: readonly SequenceProgress[];
  /** Time of the command. What was to be forgotten by then is. */
  readonly at: number;
  /** Forgotten by then: later than any token of the session lives. */
  readonly until: number;
}

/** A session exists, under a policy decision. */
export interface SessionStarted {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Who asks: service account, API key or user id. */
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

/** A request has ended: what was reserved for it is given back, what it used is spent. Written once a request by the meter. */
export interface SettleBudget {
  /** Tenant that pays; key of the topic. */
  readonly tenantId: string;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Used: a model was asked. Unused: it was refused before any model was. */
  readonly outcome: BudgetOutcome;
  /** Tokens of prompt and answer. */
  readonly tokens: number;
  /** Price of the tokens. */
  readonly cost: string;
}

/** Evaluate a published constitution beside the active one, without effect; or stop doing so. */
export interface ShadowConstitution {
  /** Always "shadow"; key of the topic. */
  readonly slot: string;
  /** Version of the shadow; null ends it. */
  readonly version: string | null;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:activate. */
  readonly capabilities: readonly string[];
}

/** The shadow constitution would have decided otherwise. Nothing acts on it. */
export interface ShadowDecided {
  /** Key of the command, and of this topic. */
  readonly subjectId: string;
  /** The decision that counts: id of the PolicyDecided record; UUID. */
  readonly decisionId: string;
  /** Full name of the command's record. */
  readonly commandType: string;
  /** What the active constitution said. */
  readonly activeOutcome: DecisionOutcome;
  /** Its deciding reason. */
  readonly activeReason: string;
  /** What the shadow would have said. */
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
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities in force; it takes constitution:review. */
  readonly capabilities: readonly string[];
}

/** A whole answer. */
export interface SlmCompleted {
  /** Session or inference request that asked; key of the topic: one subject is served in order. */
  readonly subjectId: string;
  /** Context that asked and gets the answer. */
  readonly origin: SlmOrigin;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** From 1; counts runs of the same request. */
  readonly attempt: number;
  /** The whole answer. */
  readonly text: string;
  /** Model that answered. */
  readonly modelId: string;
  /** Why it ended. */
  readonly finishReason: FinishReason;
  /** Tokens used. */
  readonly tokensConsumed: TokenUsage;
  /** At the provider, in ms. */
  readonly latencyMs: number;
  /** Price of the tokens; null in answers of before it was told. */
  readonly cost: string | null;
}

/** A piece of an answer. */
export interface SlmDelta {
  /** Session or inference request that asked; key of the topic: one subject is served in order. */
  readonly subjectId: string;
  /** Context that asked and gets the answer. */
  readonly origin: SlmOrigin;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** From 1; counts runs of the same request. */
  readonly attempt: number;
  /** Position within the attempt, from 0. */
  readonly index: number;
  /** The piece. */
  readonly text: string;
}

/** Embeddings. */
export interface SlmEmbedded {
  /** Session or inference request that asked; key of the topic: one subject is served in order. */
  readonly subjectId: string;
  /** Context that asked and gets the answer. */
  readonly origin: SlmOrigin;
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
  /** Session or inference request that asked; key of the topic: one subject is served in order. */
  readonly subjectId: string;
  /** Context that asked and gets the answer. */
  readonly origin: SlmOrigin;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Model asked for. */
  readonly model: string | null;
  /** Texts. */
  readonly input: readonly string[];
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** The request ended without an answer. */
export interface SlmFailed {
  /** Session or inference request that asked; key of the topic: one subject is served in order. */
  readonly subjectId: string;
  /** Context that asked and gets the answer. */
  readonly origin: SlmOrigin;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** From 1; counts runs of the same request. */
  readonly attempt: number;
  /** Stable code. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
}

/** What one request used. One a request, whatever its end. */
export interface SlmMetered {
  /** Session or inference request that asked; key of the topic: one subject is served in order. */
  readonly subjectId: string;
  /** Context that asked and gets the answer. */
  readonly origin: SlmOrigin;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Tenant that pays. */
  readonly tenantId: string;
  /** Session, for a turn. */
  readonly sessionId: string | null;
  /** Turn, for a turn. */
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
}

export type SlmOrigin = 'conversation' | 'inference';

export type SlmOutcome = 'completed' | 'failed';

/** A request to a language model. Written only under an allowing decision. */
export interface SlmRequested {
  /** Session or inference request that asked; key of the topic: one subject is served in order. */
  readonly subjectId: string;
  /** Context that asked and gets the answer. */
  readonly origin: SlmOrigin;
  /** The request; the turn's id for a turn. */
  readonly requestId: string;
  /** Who asks: service account, API key or user id. */
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
  /** Decision that allowed it. */
  readonly decisionId: string;
}

/** Ask for a session, with a first prompt if there is one. */
export interface StartSession {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** Who asks: service account, API key or user id. */
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
}

/** Ask for one more turn in a session. */
export interface SubmitTurn {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Who asks: service account, API key or user id. */
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
}

/** One tenant as it stands, whole: compaction keeps the latest. */
export interface Tenant {
  /** The tenant; key of the topic. */
  readonly tenantId: string;
  /** Counts its changes, from 1: the ETag. */
  readonly version: number;
  /** What people call it. */
  readonly name: string;
  /** Nothing new runs for a suspended one. */
  readonly status: TenantStatus;
  /** What its work is bound to. */
  readonly settings: TenantSettings;
}

/** A tenant was created (version 1) or changed. */
export interface TenantDefined {
  /** Entry; key of the topic. */
  readonly entryId: string;
  /** The tenant as it stands now. */
  readonly tenant: Tenant;
  /** Principal that asked for it. */
  readonly by: string;
  /** Tenant of that principal. */
  readonly byTenant: string;
}

/** What a tenant's work is bound to. A tenant without settings has the default of each. */
export interface TenantSettings {
  /** Models that may be asked for; * for any that the constitution allows. */
  readonly models: readonly string[];
  /** Limits of use; at most one a window. Empty: no limit. */
  readonly budgets: readonly BudgetLimit[];
  /** Days that personal content is kept; null keeps it for as long as the topics do. */
  readonly retentionDays: number | null;
  /** Lane of its work when the caller names none. */
  readonly lane: QosLane;
}

export type TenantStatus = 'active' | 'suspended';

/** The deadline of a turn has come: fail it, unless it has ended. */
export interface TimeOutTurn {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn whose deadline it is; UUID. */
  readonly turnId: string;
}

/** Session tokens of the scope that were issued until then count no more; later ones do. */
export interface TokensRevoked {
  /** tenant, or session: or principal: and an id, of the tenant of this record; key of the topic. */
  readonly scope: string;
  /** Tokens that were issued later are not meant. */
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

/** The whole answer. */
export interface TurnCompleted {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Position in the session's conversation, dense, from 1. */
  readonly sequence: number;
  /** The whole answer. */
  readonly text: string;
  /** Model that answered. */
  readonly modelId: string;
  /** Why the answer ended. */
  readonly finishReason: FinishReason;
  /** Tokens used. */
  readonly tokensConsumed: TokenUsage;
  /** From the request at the provider to the last token, in ms. */
  readonly latencyMs: number;
  /** Price of the tokens; null in answers of before it was told. */
  readonly cost: string | null;
}

/** A piece of the answer, in order. */
export interface TurnDelta {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Position in the session's conversation, dense, from 1. */
  readonly sequence: number;
  /** From 1. A higher attempt than the one before starts the answer again: drop the text so far. */
  readonly attempt: number;
  /** Position of the piece within its attempt, from 0. */
  readonly index: number;
  /** The piece. */
  readonly text: string;
}

/** No answer could be had. */
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
}

/** The turn was allowed and waits for the one before it; TurnStarted follows when that one ends. */
export interface TurnQueued {
  /** The session; UUID. Key of the topic. */
  readonly sessionId: string;
  /** The turn; UUID, unique across sessions. */
  readonly turnId: string;
  /** Position in the session's conversation, dense, from 1. */
  readonly sequence: number;
  /** Place in the queue when it was queued, from 1. */
  readonly position: number;
  /** The prompt. */
  readonly prompt: string;
  /** Model asked for; null takes the default. */
  readonly model: string | null;
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens: number;
  /** Who asks: service account, API key or user id. */
  readonly principal: string;
  /** Decision that allowed it. */
  readonly decisionId: string;
  /** What it is held against; null when its tenant has no budget. */
  readonly budget: BudgetClaim | null;
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
}

/** A turn was accepted; its answer follows. */
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
  /** When the turn fails with TURN_TIMEOUT if no answer has ended it; null in turns of before there were deadlines. */
  readonly deadline: number | null;
  /** What it is held against; null when its tenant has no budget. */
  readonly budget: BudgetClaim | null;
}

/** Every record that may stand in a topic, by its name. */
export interface Records {
  readonly RevocationRefused: RevocationRefused;
  readonly RevokeTokens: RevokeTokens;
  readonly TokensRevoked: TokensRevoked;
  readonly AuditRecorded: AuditRecorded;
  readonly BudgetReserved: BudgetReserved;
  readonly BudgetSettled: BudgetSettled;
  readonly SettleBudget: SettleBudget;
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
  readonly ConversationOpened: ConversationOpened;
  readonly TimeOutTurn: TimeOutTurn;
  readonly TurnCompleted: TurnCompleted;
  readonly TurnDelta: TurnDelta;
  readonly TurnFailed: TurnFailed;
  readonly TurnQueued: TurnQueued;
  readonly TurnRefused: TurnRefused;
  readonly TurnStarted: TurnStarted;
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
  readonly EngageKillSwitch: EngageKillSwitch;
  readonly KillSwitchEngaged: KillSwitchEngaged;
  readonly KillSwitchRefused: KillSwitchRefused;
  readonly KillSwitchReleaseProposed: KillSwitchReleaseProposed;
  readonly KillSwitchReleased: KillSwitchReleased;
  readonly KillSwitch: KillSwitch;
  readonly ReleaseKillSwitch: ReleaseKillSwitch;
  readonly AskPolicyEngine: AskPolicyEngine;
  readonly PolicyDecided: PolicyDecided;
  readonly PolicyEngineAnswered: PolicyEngineAnswered;
  readonly SessionRemembered: SessionRemembered;
  readonly ShadowDecided: ShadowDecided;
  readonly SessionRefused: SessionRefused;
  readonly SessionStarted: SessionStarted;
  readonly StartSession: StartSession;
  readonly SubmitTurn: SubmitTurn;
  readonly CancelSlmRequest: CancelSlmRequest;
  readonly SlmCompleted: SlmCompleted;
  readonly SlmDelta: SlmDelta;
  readonly SlmEmbedded: SlmEmbedded;
  readonly SlmEmbeddingRequested: SlmEmbeddingRequested;
  readonly SlmFailed: SlmFailed;
  readonly SlmMetered: SlmMetered;
  readonly SlmRequested: SlmRequested;
}

export type RecordName = keyof Records;
export type RecordOf<N extends RecordName> = { readonly [K in N]: { readonly type: K; readonly data: Records[K] } }[N];
export type AnyRecord = RecordOf<RecordName>;

export const fullNames = {
  RevocationRefused: 'khipu.access.RevocationRefused',
  RevokeTokens: 'khipu.access.RevokeTokens',
  TokensRevoked: 'khipu.access.TokensRevoked',
  AuditRecorded: 'khipu.audit.AuditRecorded',
  BudgetReserved: 'khipu.budget.BudgetReserved',
  BudgetSettled: 'khipu.budget.BudgetSettled',
  SettleBudget: 'khipu.budget.SettleBudget',
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
  ConversationOpened: 'khipu.conversation.ConversationOpened',
  TimeOutTurn: 'khipu.conversation.TimeOutTurn',
  TurnCompleted: 'khipu.conversation.TurnCompleted',
  TurnDelta: 'khipu.conversation.TurnDelta',
  TurnFailed: 'khipu.conversation.TurnFailed',
  TurnQueued: 'khipu.conversation.TurnQueued',
  TurnRefused: 'khipu.conversation.TurnRefused',
  TurnStarted: 'khipu.conversation.TurnStarted',
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
  EngageKillSwitch: 'khipu.killswitch.EngageKillSwitch',
  KillSwitchEngaged: 'khipu.killswitch.KillSwitchEngaged',
  KillSwitchRefused: 'khipu.killswitch.KillSwitchRefused',
  KillSwitchReleaseProposed: 'khipu.killswitch.KillSwitchReleaseProposed',
  KillSwitchReleased: 'khipu.killswitch.KillSwitchReleased',
  KillSwitch: 'khipu.killswitch.KillSwitch',
  ReleaseKillSwitch: 'khipu.killswitch.ReleaseKillSwitch',
  AskPolicyEngine: 'khipu.policy.AskPolicyEngine',
  PolicyDecided: 'khipu.policy.PolicyDecided',
  PolicyEngineAnswered: 'khipu.policy.PolicyEngineAnswered',
  SessionRemembered: 'khipu.policy.SessionRemembered',
  ShadowDecided: 'khipu.policy.ShadowDecided',
  SessionRefused: 'khipu.sessions.SessionRefused',
  SessionStarted: 'khipu.sessions.SessionStarted',
  StartSession: 'khipu.sessions.StartSession',
  SubmitTurn: 'khipu.sessions.SubmitTurn',
  CancelSlmRequest: 'khipu.slm.CancelSlmRequest',
  SlmCompleted: 'khipu.slm.SlmCompleted',
  SlmDelta: 'khipu.slm.SlmDelta',
  SlmEmbedded: 'khipu.slm.SlmEmbedded',
  SlmEmbeddingRequested: 'khipu.slm.SlmEmbeddingRequested',
  SlmFailed: 'khipu.slm.SlmFailed',
  SlmMetered: 'khipu.slm.SlmMetered',
  SlmRequested: 'khipu.slm.SlmRequested',
} as const satisfies Record<RecordName, string>;

export const revocationRefused = (data: RevocationRefused): RecordOf<'RevocationRefused'> => ({ type: 'RevocationRefused', data });
export const revokeTokens = (data: RevokeTokens): RecordOf<'RevokeTokens'> => ({ type: 'RevokeTokens', data });
export const tokensRevoked = (data: TokensRevoked): RecordOf<'TokensRevoked'> => ({ type: 'TokensRevoked', data });
export const auditRecorded = (data: AuditRecorded): RecordOf<'AuditRecorded'> => ({ type: 'AuditRecorded', data });
export const budgetReserved = (data: BudgetReserved): RecordOf<'BudgetReserved'> => ({ type: 'BudgetReserved', data });
export const budgetSettled = (data: BudgetSettled): RecordOf<'BudgetSettled'> => ({ type: 'BudgetSettled', data });
export const settleBudget = (data: SettleBudget): RecordOf<'SettleBudget'> => ({ type: 'SettleBudget', data });
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
export const conversationOpened = (data: ConversationOpened): RecordOf<'ConversationOpened'> => ({ type: 'ConversationOpened', data });
export const timeOutTurn = (data: TimeOutTurn): RecordOf<'TimeOutTurn'> => ({ type: 'TimeOutTurn', data });
export const turnCompleted = (data: TurnCompleted): RecordOf<'TurnCompleted'> => ({ type: 'TurnCompleted', data });
export const turnDelta = (data: TurnDelta): RecordOf<'TurnDelta'> => ({ type: 'TurnDelta', data });
export const turnFailed = (data: TurnFailed): RecordOf<'TurnFailed'> => ({ type: 'TurnFailed', data });
export const turnQueued = (data: TurnQueued): RecordOf<'TurnQueued'> => ({ type: 'TurnQueued', data });
export const turnRefused = (data: TurnRefused): RecordOf<'TurnRefused'> => ({ type: 'TurnRefused', data });
export const turnStarted = (data: TurnStarted): RecordOf<'TurnStarted'> => ({ type: 'TurnStarted', data });
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
export const engageKillSwitch = (data: EngageKillSwitch): RecordOf<'EngageKillSwitch'> => ({ type: 'EngageKillSwitch', data });
export const killSwitchEngaged = (data: KillSwitchEngaged): RecordOf<'KillSwitchEngaged'> => ({ type: 'KillSwitchEngaged', data });
export const killSwitchRefused = (data: KillSwitchRefused): RecordOf<'KillSwitchRefused'> => ({ type: 'KillSwitchRefused', data });
export const killSwitchReleaseProposed = (data: KillSwitchReleaseProposed): RecordOf<'KillSwitchReleaseProposed'> => ({ type: 'KillSwitchReleaseProposed', data });
export const killSwitchReleased = (data: KillSwitchReleased): RecordOf<'KillSwitchReleased'> => ({ type: 'KillSwitchReleased', data });
export const killSwitch = (data: KillSwitch): RecordOf<'KillSwitch'> => ({ type: 'KillSwitch', data });
export const releaseKillSwitch = (data: ReleaseKillSwitch): RecordOf<'ReleaseKillSwitch'> => ({ type: 'ReleaseKillSwitch', data });
export const askPolicyEngine = (data: AskPolicyEngine): RecordOf<'AskPolicyEngine'> => ({ type: 'AskPolicyEngine', data });
export const policyDecided = (data: PolicyDecided): RecordOf<'PolicyDecided'> => ({ type: 'PolicyDecided', data });
export const policyEngineAnswered = (data: PolicyEngineAnswered): RecordOf<'PolicyEngineAnswered'> => ({ type: 'PolicyEngineAnswered', data });
export const sessionRemembered = (data: SessionRemembered): RecordOf<'SessionRemembered'> => ({ type: 'SessionRemembered', data });
export const shadowDecided = (data: ShadowDecided): RecordOf<'ShadowDecided'> => ({ type: 'ShadowDecided', data });
export const sessionRefused = (data: SessionRefused): RecordOf<'SessionRefused'> => ({ type: 'SessionRefused', data });
export const sessionStarted = (data: SessionStarted): RecordOf<'SessionStarted'> => ({ type: 'SessionStarted', data });
export const startSession = (data: StartSession): RecordOf<'StartSession'> => ({ type: 'StartSession', data });
export const submitTurn = (data: SubmitTurn): RecordOf<'SubmitTurn'> => ({ type: 'SubmitTurn', data });
export const cancelSlmRequest = (data: CancelSlmRequest): RecordOf<'CancelSlmRequest'> => ({ type: 'CancelSlmRequest', data });
export const slmCompleted = (data: SlmCompleted): RecordOf<'SlmCompleted'> => ({ type: 'SlmCompleted', data });
export const slmDelta = (data: SlmDelta): RecordOf<'SlmDelta'> => ({ type: 'SlmDelta', data });
export const slmEmbedded = (data: SlmEmbedded): RecordOf<'SlmEmbedded'> => ({ type: 'SlmEmbedded', data });
export const slmEmbeddingRequested = (data: SlmEmbeddingRequested): RecordOf<'SlmEmbeddingRequested'> => ({ type: 'SlmEmbeddingRequested', data });
export const slmFailed = (data: SlmFailed): RecordOf<'SlmFailed'> => ({ type: 'SlmFailed', data });
export const slmMetered = (data: SlmMetered): RecordOf<'SlmMetered'> => ({ type: 'SlmMetered', data });
export const slmRequested = (data: SlmRequested): RecordOf<'SlmRequested'> => ({ type: 'SlmRequested', data });
