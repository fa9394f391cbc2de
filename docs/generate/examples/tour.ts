/** A step of the tour: an operation by its id, or a function of docs/examples/tour-functions.sh. */
export type Step =
  | {
      readonly run: string;
      /** Variables of this step only. */
      readonly as?: Readonly<Record<string, string>>;
      /** Fields of the answer to keep for later steps, by variable. */
      readonly take?: Readonly<Record<string, string>>;
      /** Repeats the step until its output contains this text, because read models lag the log by moments. */
      readonly shows?: string;
    }
  | { readonly call: string };

const conversations: readonly Step[] = [
  { run: 'startSession', take: { SESSION_ID: 'session_id', SESSION_TOKEN: 'token', TURN_ID: 'turn_id' } },
  { run: 'streamTurn', shows: 'event: turn.completed' },
  { run: 'submitTurn', take: { TURN_URL: 'turn_url' } },
  { call: 'follow_turn' },
  { run: 'narrowToken', take: { NARROW_TOKEN: 'token' } },
  { run: 'submitTurn', as: { SESSION_TOKEN: '$NARROW_TOKEN' } },
  { run: 'createStreamTicket', shows: '"ticket"' },
  { run: 'inferSync', take: { REQUEST_ID: 'request_id' } },
  { run: 'getSlmRequest', shows: '$REQUEST_ID' },
  { run: 'embed', shows: '"embeddings"' },
  { run: 'slmHealth', shows: '"ok"' },
  { run: 'getSession', shows: '"started"' },
  { run: 'listSessions', shows: '$SESSION_ID' },
  { run: 'listSessionEvents', shows: 'khipu.sessions.SessionStarted' },
  { run: 'listAudit', shows: 'khipu.conversation.TurnCompleted' },
  { run: 'setKillSwitch', shows: '"engaged":false' },
  { run: 'listKillSwitches', shows: '"items"' },
  { run: 'revokeTokens', shows: '"issued_until"' },
];

const team: readonly Step[] = [
  { call: 'new_team' },
  { run: 'createTenant' },
  { run: 'listTenants', shows: '$TENANT_ID' },
  { run: 'getTenant', shows: '"active"' },
  { run: 'changeTenant', shows: '"tokens_max":1000000' },
  { run: 'getBudgets', shows: '"windows"' },
  { run: 'putPersona' },
  { run: 'listPersonas', shows: '"clerk"' },
  { run: 'getPersona', shows: '"clerk"' },
  { run: 'removePersona' },
  { run: 'createRole' },
  { run: 'createServiceAccount' },
  { run: 'createUser' },
  { run: 'createApiKey', take: { KEY_ID: 'key_id', TEAM_KEY: 'key' } },
  { run: 'startSession', as: { KHIPU_API_KEY: '$TEAM_KEY' }, shows: '"session_id"' },
  { run: 'listRoles', shows: '"reader"' },
  { run: 'getRole', shows: '"slm:invoke:*"' },
  { run: 'changeRole', shows: '"slm:embed:*"' },
  { run: 'listUsers', shows: '"ana"' },
  { run: 'getUser', shows: '"active"' },
  { run: 'changeUser', shows: '"disabled"' },
  { run: 'listServiceAccounts', shows: '"search"' },
  { run: 'getServiceAccount', shows: '"slm:embed:*"' },
  { run: 'changeServiceAccount', shows: '"Search in production"' },
  { run: 'listApiKeys', shows: '$KEY_ID' },
  { run: 'getApiKey', shows: '"active"' },
  { run: 'rotateApiKey', take: { ROTATED_KEY: 'key' } },
  { run: 'listSessions', as: { KHIPU_API_KEY: '$TEAM_KEY' }, shows: '"items"' },
  { run: 'listSessions', as: { KHIPU_API_KEY: '$ROTATED_KEY' }, shows: '"items"' },
  { run: 'revokeApiKey' },
  { run: 'getApiKey', shows: '"revoked"' },
  { run: 'removeUser' },
  { run: 'removeServiceAccount' },
  { run: 'removeRole' },
];

const constitutions: readonly Step[] = [
  { run: 'listConstitutions', shows: '"1.3.0"' },
  { call: 'copy_constitution' },
  { run: 'proposeConstitution', take: { CONSTITUTION_DIGEST: 'digest' } },
  { run: 'reviewConstitution', shows: '"approve"' },
  { run: 'signConstitution', shows: '"published"' },
  { run: 'getConstitution', shows: '"published"' },
  { run: 'shadowConstitution', shows: '"version":null' },
  { run: 'activateConstitution', shows: '"activated_by"' },
  { call: 'constitution_life' },
  { call: 'stop_everything' },
];

const jobs: readonly Step[] = [
  { run: 'listJobTypes', shows: '"inference.batch"' },
  { run: 'startJob', take: { JOB_ID: 'job_id' } },
  { run: 'streamJob', shows: 'event: job.completed' },
  { run: 'getJobResult', shows: '"completed"' },
  { run: 'getJob', shows: '"completed"' },
  { run: 'listJobSteps', shows: '"model"' },
  { run: 'forkJob', shows: '"queued"' },
  { run: 'listJobs', shows: '$JOB_ID' },
  { run: 'startJobs', shows: '"accepted"' },
  { run: 'actOnJobs', shows: '"token"' },
  { run: 'startJobAlias', take: { JOB_ID: 'job_id' } },
  { run: 'getJobAlias', shows: '$JOB_ID' },
  { call: 'large_input' },
  { run: 'getJobContent', shows: '"prompts"' },
  { call: 'later_job' },
  { run: 'pauseJob', shows: '"paused"' },
  { run: 'resumeJob', shows: '"resumed"' },
  { run: 'signalJob', shows: '"signalled"' },
  { run: 'cancelJob' },
  { call: 'failed_job' },
  { run: 'retryJob' },
];

const responses: readonly Step[] = [
  { run: 'createResponse', take: { RESPONSE_ID: 'id' } },
  { run: 'getResponse', shows: '"completed"' },
  { run: 'listResponseInputItems', shows: '"input_text"' },
  { run: 'deleteResponse' },
  { call: 'background_response' },
  { run: 'cancelResponse', shows: '$RESPONSE_ID' },
  { run: 'createConversation', take: { CONVERSATION_ID: 'id' } },
  { run: 'getConversation', shows: '$CONVERSATION_ID' },
  { run: 'updateConversation' },
  { run: 'createConversationItems', take: { ITEM_ID: 'first_id' } },
  { run: 'listConversationItems', shows: '$ITEM_ID' },
  { run: 'getConversationItem', shows: '$ITEM_ID' },
  { run: 'deleteConversationItem' },
  { run: 'deleteConversation' },
];

const batches: readonly Step[] = [
  { run: 'createFile', take: { FILE_ID: 'id' } },
  { run: 'listFiles', shows: '$FILE_ID' },
  { run: 'getFile', shows: '"processed"' },
  { run: 'getFileContent', shows: '"custom_id"' },
  { run: 'createBatch', take: { BATCH_ID: 'id' } },
  { run: 'getBatch', shows: '"request_counts"' },
  { run: 'listBatches', shows: '$BATCH_ID' },
  { call: 'large_batch' },
  { run: 'cancelBatch' },
  { run: 'deleteFile' },
];

const schedules: readonly Step[] = [
  { run: 'previewSchedule', shows: '"due_times"' },
  { run: 'putSchedule', shows: '"next_due_times"' },
  { run: 'triggerSchedule', shows: '"job_id"' },
  { run: 'pauseSchedule', shows: '"paused"' },
  { run: 'getSchedule', shows: '"paused"' },
  { run: 'resumeSchedule', shows: '"resumed"' },
  { run: 'backfillSchedule', shows: '"due_times"' },
  { run: 'listScheduleRuns', shows: '"trigger"' },
  { run: 'listSchedules', shows: '"nightly-report"' },
  { run: 'removeSchedule' },
];

const tools: readonly Step[] = [
  { run: 'putTool', shows: '"weather"' },
  { run: 'getTool', shows: '"envelope"' },
  { run: 'listTools', shows: '"weather"' },
  { run: 'executeTool', take: { CALL_ID: 'call_id' } },
  { run: 'getToolCall', shows: '"status"' },
  { run: 'getToolHealth', shows: '"weather"' },
  { run: 'checkTool', shows: '"TOOL_INVALID"' },
  { run: 'connectTools', shows: '"status"' },
  { run: 'auditTool', shows: '$CALL_ID' },
  { run: 'listToolVersions', shows: '"registered"' },
  { run: 'removeTool' },
  { call: 'answered_call' },
  { run: 'getToolCallOutput', shows: '"files"' },
  { call: 'held_call' },
  { run: 'listApprovals', shows: '$APPROVAL_ID' },
  { run: 'getApproval', shows: '"waiting"' },
  { run: 'decideApproval' },
  { run: 'listApprovalGrants', shows: '"active"' },
  { call: 'given_grant' },
  { run: 'revokeApprovalGrant' },
];

const workflows: readonly Step[] = [
  { run: 'importTemplate', shows: '"examples.greeting"' },
  { run: 'listTemplates', shows: '"examples.greeting"' },
  { run: 'getTemplate', shows: '"document"' },
  { run: 'listTemplateVersions', shows: '"1.0.0"' },
  { run: 'planTemplate', shows: '"critical_path"' },
  { run: 'startWorkflowRun', take: { WORKFLOW_RUN_ID: 'run_id' } },
  { run: 'getWorkflowRun', shows: '"completed"' },
  { run: 'listWorkflowRuns', shows: '$WORKFLOW_RUN_ID' },
  { run: 'decideWorkflowReview', shows: '"WORKFLOW_REVIEW_OWN"' },
  { run: 'removeTemplate' },
];

const capsules: readonly Step[] = [
  { call: 'new_capsule' },
  { run: 'publishCapsuleAlias', shows: '"listed"' },
  { call: 'new_capsule' },
  { run: 'putCapsule', shows: '"listed"' },
  { call: 'new_capsule' },
  { run: 'publishCapsule', shows: '"listed"' },
  { run: 'listCapsules', shows: '"research-brief"' },
  { run: 'listCapsulesAlias', shows: '"research-brief"' },
  { run: 'getCapsule', shows: '"manifest"' },
  { run: 'reviewCapsule', shows: '"CAPSULE_STATE_INVALID"' },
  { run: 'listCapsuleAttestations', shows: '"bundle"' },
  { call: 'capsule_statement' },
  { run: 'attestCapsule', shows: '"listed"' },
  { run: 'exportCapsule', shows: '"archive"' },
  { run: 'installCapsule', shows: '"installed"' },
  { run: 'listCapsuleInstalls', shows: '"research-brief"' },
  { run: 'getCapsuleInstall', shows: '"granted"' },
  { run: 'runCapsule', take: { RUN_ID: 'run_id' } },
  { run: 'getAgentRunResult', shows: '"completed"' },
  { call: 'new_capsule' },
  { run: 'publishCapsule', shows: '"listed"' },
  { run: 'upgradeCapsule', shows: '"installed"' },
  { run: 'rollbackCapsule', shows: '"installed"' },
  { run: 'uninstallCapsule', shows: '"uninstalled"' },
  { run: 'yankCapsule', shows: '"yanked"' },
  { run: 'revokeCapsule', shows: '"revoked"' },
  { call: 'first_capsule' },
];

const agents: readonly Step[] = [
  { run: 'startAgentRun', take: { RUN_ID: 'run_id' } },
  { run: 'streamAgentRun', shows: 'event: agent.run_completed' },
  { run: 'getAgentRunResult', shows: '"completed"' },
  { run: 'getAgentRun', shows: '"steps_taken"' },
  { run: 'listAgentRuns', shows: '$RUN_ID' },
  { call: 'program_run' },
  { run: 'forkAgentRun', take: { RUN_ID: 'run_id' } },
  { run: 'getAgentRunResult', shows: '"completed"' },
  { call: 'slow_run' },
  { run: 'cancelAgentRun', shows: '"cancelled"' },
];

const memories: readonly Step[] = [
  { run: 'remember', take: { MEMORY_ID: 'memory_id' } },
  { run: 'createMemory', take: { OTHER_MEMORY_ID: 'memory_id' } },
  { run: 'recall', shows: '$MEMORY_ID' },
  { run: 'retrieveMemories', shows: '"context"' },
  { run: 'linkMemories', shows: '"supports"' },
  { run: 'getMemory', shows: '"supports"' },
  { run: 'listMemories', shows: '$MEMORY_ID' },
  { run: 'getMemoryPersona', shows: '"guide"' },
  { run: 'forgetMemory', shows: '"forgotten"' },
];

const evaluations: readonly Step[] = [
  { run: 'putGoldenSet', shows: '"clerk-basics"' },
  { run: 'listGoldenSets', shows: '"clerk-basics"' },
  { run: 'addGoldenCase', shows: '"version":2' },
  { run: 'getGoldenSet', shows: '$TURN_ID' },
  { run: 'listGoldenSetVersions', shows: '"version":2' },
  { run: 'getGoldenSetVersion', shows: '"document"' },
  { run: 'startEvaluation', take: { EVALUATION_ID: 'evaluation_id' } },
  { run: 'getEvaluation', shows: '"ended_at":"' },
  { run: 'listEvaluations', shows: '$EVALUATION_ID' },
  { run: 'setEvaluationBaseline', shows: '$EVALUATION_ID' },
  { run: 'removeGoldenSet' },
];

const money: readonly Step[] = [
  { run: 'getUsage', shows: '"cost"' },
  { run: 'listPrices', shows: '"in_force"' },
  { run: 'setPrices', shows: '"effective_from"' },
  { run: 'listLedgerAccounts', shows: 'platform:revenue' },
  { run: 'getLedgerAccount', shows: '"balance"' },
  { call: 'last_charge' },
  { run: 'listLedgerTransactions', shows: '$CHARGE_ID' },
  { run: 'getLedgerTransaction', shows: '"legs"' },
  { run: 'correctCharge', shows: '"transaction_id"' },
  { run: 'getInvoice', shows: '"totals"' },
  { run: 'getInvoiceCsv', shows: 'unit_price' },
  { run: 'getInvoicePdf' },
  { run: 'getFocusCosts', shows: 'BilledCost' },
  { run: 'whatIfBilling', shows: '"metered"' },
  { run: 'getPersonaAnalytics', shows: '"items"' },
  { run: 'getToolAnalytics', shows: '"items"' },
  { run: 'getPolicyAnalytics', shows: '"refusals"' },
  { run: 'getModelAnalytics', shows: '"latency_ms"' },
  { call: 'some_anomaly' },
  { run: 'getAnomaly', shows: '"records"' },
  { run: 'getAnomalySeries', shows: '"denials"' },
  { run: 'getAnomalySettings', shows: '"in_force"' },
  { run: 'setAnomalySettings', shows: '"effective_from"' },
  { run: 'resetAnomalySettings', shows: '"version"' },
];

const operations: readonly Step[] = [
  { run: 'streamTurns', shows: 'retry:' },
  { run: 'live', shows: '"ok":true' },
  { run: 'ready', shows: '"ok":true' },
  { run: 'metrics', shows: 'khipu_http_request_duration_seconds' },
  { run: 'jwks', shows: '"keys"' },
];

/** Operations in an order that works on a fresh platform. */
export const tour: readonly Step[] = [
  ...conversations,
  ...jobs,
  ...responses,
  ...batches,
  ...schedules,
  ...tools,
  ...agents,
  ...workflows,
  ...capsules,
  ...memories,
  ...evaluations,
  ...money,
  ...team,
  ...constitutions,
  ...operations,
];
