/** Parts of the examples that the OpenAPI document does not have. */

/** Shell variables by the name of a parameter or field: values of earlier answers, or chosen by the reader. */
export const variables: Readonly<Record<string, string>> = {
  session_id: '$SESSION_ID',
  file_id: '$FILE_ID',
  input_file_id: '$FILE_ID',
  batch_id: '$BATCH_ID',
  response_id: '$RESPONSE_ID',
  conversation_id: '$CONVERSATION_ID',
  item_id: '$ITEM_ID',
  job_id: '$JOB_ID',
  template: 'examples.greeting',
  workflow_run_id: '$WORKFLOW_RUN_ID',
  review_id: '00000000000000000000000000000000',
  content_digest: '$CONTENT_DIGEST',
  signal: 'approved',
  call_id: '$CALL_ID',
  run_id: '$RUN_ID',
  approval_id: '$APPROVAL_ID',
  grant_id: '$GRANT_ID',
  memory_id: '$MEMORY_ID',
  transaction_id: '$TRANSACTION_ID',
  charge_id: '$CHARGE_ID',
  anomaly_id: '$ANOMALY_ID',
  evaluation_id: '$EVALUATION_ID',
  check_id: '$CHECK_ID',
  from_key: '$MEMORY_ID',
  to_key: '$OTHER_MEMORY_ID',
  request_id: '$REQUEST_ID',
  key_id: '$KEY_ID',
  tenant_id: '$TENANT_ID',
  tenant: '$TENANT_ID',
  version: '$CONSTITUTION_VERSION',
  digest: '$CONSTITUTION_DIGEST',
  capsule_version: '$CAPSULE_VERSION',
};

/** Additions to the example of an operation. */
export interface Scene {
  /** Comment above the command. */
  readonly note?: string;
  /** Commands before it. */
  readonly before?: readonly string[];
  /** Variable of the credentials; KHIPU_API_KEY by default when the operation accepts it. */
  readonly token?: 'SESSION_TOKEN';
  readonly headers?: Readonly<Record<string, string>>;
  /** Path whose ETag is sent as If-Match, when it is not the path of the change itself; null for a creation: none is sent. */
  readonly etagOf?: string | null;
  /** Shell word to send instead of the example of the body. */
  readonly data?: string;
  /** Parts of a form, as curl takes them, instead of a body. */
  readonly form?: readonly string[];
}

/** Additions by operation id. */
export const scenes: Readonly<Record<string, Scene>> = {
  streamTurn: {
    note: 'SESSION_ID and SESSION_TOKEN are session_id and token of the started session.',
    token: 'SESSION_TOKEN',
  },
  createStreamTicket: { token: 'SESSION_TOKEN' },
  getSlmRequest: { note: 'REQUEST_ID is the request_id of a 202.' },
  getToolCallOutput: { note: 'CALL_ID is the call_id of a call that has ended.' },
  getJobContent: { note: 'CONTENT_DIGEST is the digest of input_content, result_content or output_content.' },
  createFile: { form: ['file=@docs/examples/requests.jsonl', 'purpose=batch'] },
  revokeTokens: { data: String.raw`"{\"scope\": \"session:$SESSION_ID\", \"reason\": \"A laptop was lost\"}"` },
  changeUser: { data: `'{"name": "Ana", "status": "disabled"}'` },
  createApiKey: { headers: { 'Idempotency-Key': 'search-of-$TENANT_ID' } },
  addGoldenCase: { data: String.raw`"{\"session_id\": \"$SESSION_ID\", \"turn_id\": \"$TURN_ID\"}"` },
  importTemplate: {
    data: `'{"document": {"document": {"dsl": "1.0.3", "namespace": "examples", "name": "greeting", "version": "1.0.0"}, "do": [{"greet": {"set": {"text": "Hello"}}}]}}'`,
  },
  putSchedule: { etagOf: null },
  putTool: {
    note: 'The manifest is signed on this machine: the key is never sent.',
    before: ['tool=$(./khipu tools add docs/examples/weather-tool.json --key "$CONSTITUTION_KEY" --print)'],
    etagOf: null,
    data: '"$tool"',
  },
  topUpCredit: {
    note: 'The first top-up makes the tenant prepaid.',
    data: String.raw`"{\"payer\": \"$TENANT_ID\", \"amount\": \"25.00\", \"currency\": \"USD\", \"reason\": \"Payment 2026-1187\"}"`,
  },
  correctCharge: { note: 'CHARGE_ID is the charge_id of a transaction.' },
  publishCapsule: {
    note: 'CAPSULE_ARCHIVE is the archive that khipu capsule pack makes, base64.',
    data: String.raw`"{\"archive\": \"$CAPSULE_ARCHIVE\"}"`,
  },
  publishCapsuleAlias: { data: String.raw`"{\"archive\": \"$CAPSULE_ARCHIVE\"}"` },
  putCapsule: { data: String.raw`"{\"archive\": \"$CAPSULE_ARCHIVE\"}"` },
  reviewCapsule: {
    note: 'CAPSULE_DIGEST is the digest of the manifest that was read. Who publishes a capsule does not review it.',
    data: String.raw`"{\"outcome\": \"approve\", \"digest\": \"$CAPSULE_DIGEST\"}"`,
  },
  attestCapsule: {
    note: 'CAPSULE_STATEMENT is a Sigstore bundle as a JSON string.',
    data: String.raw`"{\"digest\": \"$CAPSULE_DIGEST\", \"bundle\": $CAPSULE_STATEMENT}"`,
  },
  installCapsule: {
    data: String.raw`"{\"capsule\": \"demo/research-brief@$CAPSULE_VERSION\", \"digest\": \"$CAPSULE_DIGEST\", \"granted\": [\"agents:start:research-brief\", \"slm:invoke:default\"]}"`,
  },
  startUpgradeCheck: {
    note: 'The capsule has five golden cases: a share of 0.5 takes no more.',
    data: String.raw`"{\"capsule\": \"demo/research-brief@$CAPSULE_VERSION\", \"digest\": \"$CAPSULE_DIGEST\", \"margin\": 0.5}"`,
  },
  upgradeCapsule: {
    note: 'CHECK_ID is the check_id of a check that has passed.',
    data: String.raw`"{\"capsule\": \"demo/research-brief@$CAPSULE_VERSION\", \"digest\": \"$CAPSULE_DIGEST\", \"check_id\": \"$CHECK_ID\"}"`,
  },
  decideApproval: {
    note: 'APPROVAL_DIGEST is the digest of the approval: of what was looked at.',
    data: String.raw`"{\"outcome\": \"approve\", \"digest\": \"$APPROVAL_DIGEST\", \"grant\": {\"lifetime_ms\": 600000, \"uses_max\": 5}}"`,
  },
  rotateApiKey: { etagOf: '/v1/api-keys/{key_id}' },
  proposeConstitution: { data: String.raw`"{\"document\": $(cat "$CONSTITUTION_FILE")}"` },
  signConstitution: {
    note: 'The signature is made offline: the key is never sent.',
    before: ['signature=$(./khipu constitution sign --file "$CONSTITUTION_FILE" --key "$CONSTITUTION_KEY")'],
    data: '"$signature"',
  },
};
