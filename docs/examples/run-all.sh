#!/usr/bin/env bash
# Runs every example of the API reference against a running platform, as the pages show them.
# Generated from docs/generate/examples by `npm run docs:pages`. Do not edit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${KHIPU_URL:?}" "${KHIPU_API_KEY:?}"
source docs/examples/tour-functions.sh

take start-session.sh SESSION_ID=session_id SESSION_TOKEN=token TURN_ID=turn_id
until_shows stream-turn.sh 'event: turn.completed'
take submit-turn.sh TURN_URL=turn_url
follow_turn
take narrow-token.sh NARROW_TOKEN=token
SESSION_TOKEN=$NARROW_TOKEN run submit-turn.sh >/dev/null
until_shows create-stream-ticket.sh '"ticket"'
take infer-sync.sh REQUEST_ID=request_id
until_shows get-slm-request.sh "$REQUEST_ID"
until_shows embed.sh '"embeddings"'
until_shows slm-health.sh '"ok"'
until_shows get-session.sh '"started"'
until_shows list-sessions.sh "$SESSION_ID"
until_shows list-session-events.sh 'khipu.sessions.SessionStarted'
until_shows list-audit.sh 'khipu.conversation.TurnCompleted'
until_shows set-kill-switch.sh '"engaged":false'
until_shows list-kill-switches.sh '"items"'
until_shows revoke-tokens.sh '"issued_until"'
until_shows list-job-types.sh '"inference.batch"'
take start-job.sh JOB_ID=job_id
until_shows stream-job.sh 'event: job.completed'
until_shows get-job-result.sh '"completed"'
until_shows get-job.sh '"completed"'
until_shows list-job-steps.sh '"model"'
until_shows fork-job.sh '"queued"'
until_shows list-jobs.sh "$JOB_ID"
until_shows start-jobs.sh '"accepted"'
until_shows act-on-jobs.sh '"token"'
take start-job-alias.sh JOB_ID=job_id
until_shows get-job-alias.sh "$JOB_ID"
large_input
until_shows get-job-content.sh '"prompts"'
later_job
until_shows pause-job.sh '"paused"'
until_shows resume-job.sh '"resumed"'
until_shows signal-job.sh '"signalled"'
run cancel-job.sh >/dev/null
failed_job
run retry-job.sh >/dev/null
take create-response.sh RESPONSE_ID=id
until_shows get-response.sh '"completed"'
until_shows list-response-input-items.sh '"input_text"'
run delete-response.sh >/dev/null
background_response
until_shows cancel-response.sh "$RESPONSE_ID"
take create-conversation.sh CONVERSATION_ID=id
until_shows get-conversation.sh "$CONVERSATION_ID"
run update-conversation.sh >/dev/null
take create-conversation-items.sh ITEM_ID=first_id
until_shows list-conversation-items.sh "$ITEM_ID"
until_shows get-conversation-item.sh "$ITEM_ID"
run delete-conversation-item.sh >/dev/null
run delete-conversation.sh >/dev/null
take create-file.sh FILE_ID=id
until_shows list-files.sh "$FILE_ID"
until_shows get-file.sh '"processed"'
until_shows get-file-content.sh '"custom_id"'
take create-batch.sh BATCH_ID=id
until_shows get-batch.sh '"request_counts"'
until_shows list-batches.sh "$BATCH_ID"
large_batch
run cancel-batch.sh >/dev/null
run delete-file.sh >/dev/null
until_shows preview-schedule.sh '"due_times"'
until_shows put-schedule.sh '"next_due_times"'
until_shows trigger-schedule.sh '"job_id"'
until_shows pause-schedule.sh '"paused"'
until_shows get-schedule.sh '"paused"'
until_shows resume-schedule.sh '"resumed"'
until_shows backfill-schedule.sh '"due_times"'
until_shows list-schedule-runs.sh '"trigger"'
until_shows list-schedules.sh '"nightly-report"'
run remove-schedule.sh >/dev/null
until_shows put-tool.sh '"weather"'
until_shows get-tool.sh '"envelope"'
until_shows list-tools.sh '"weather"'
take execute-tool.sh CALL_ID=call_id
until_shows get-tool-call.sh '"status"'
until_shows get-tool-health.sh '"weather"'
until_shows check-tool.sh '"TOOL_INVALID"'
until_shows connect-tools.sh '"status"'
until_shows audit-tool.sh "$CALL_ID"
until_shows list-tool-versions.sh '"registered"'
run remove-tool.sh >/dev/null
answered_call
until_shows get-tool-call-output.sh '"files"'
held_call
until_shows list-approvals.sh "$APPROVAL_ID"
until_shows get-approval.sh '"waiting"'
run decide-approval.sh >/dev/null
until_shows list-approval-grants.sh '"active"'
given_grant
run revoke-approval-grant.sh >/dev/null
take start-agent-run.sh RUN_ID=run_id
until_shows stream-agent-run.sh 'event: agent.run_completed'
until_shows get-agent-run-result.sh '"completed"'
until_shows get-agent-run.sh '"steps_taken"'
until_shows list-agent-runs.sh "$RUN_ID"
program_run
take fork-agent-run.sh RUN_ID=run_id
until_shows get-agent-run-result.sh '"completed"'
slow_run
until_shows cancel-agent-run.sh '"cancelled"'
until_shows import-template.sh '"examples.greeting"'
until_shows list-templates.sh '"examples.greeting"'
until_shows get-template.sh '"document"'
until_shows list-template-versions.sh '"1.0.0"'
until_shows plan-template.sh '"critical_path"'
take start-workflow-run.sh WORKFLOW_RUN_ID=run_id
until_shows get-workflow-run.sh '"completed"'
until_shows list-workflow-runs.sh "$WORKFLOW_RUN_ID"
until_shows decide-workflow-review.sh '"WORKFLOW_REVIEW_OWN"'
run remove-template.sh >/dev/null
new_capsule
until_shows publish-capsule-alias.sh '"listed"'
new_capsule
until_shows put-capsule.sh '"listed"'
new_capsule
until_shows publish-capsule.sh '"listed"'
until_shows list-capsules.sh '"research-brief"'
until_shows list-capsules-alias.sh '"research-brief"'
until_shows get-capsule.sh '"manifest"'
until_shows review-capsule.sh '"CAPSULE_STATE_INVALID"'
until_shows list-capsule-attestations.sh '"bundle"'
capsule_statement
until_shows attest-capsule.sh '"listed"'
until_shows export-capsule.sh '"archive"'
until_shows install-capsule.sh '"installed"'
until_shows list-capsule-installs.sh '"research-brief"'
until_shows get-capsule-install.sh '"granted"'
TENANT_ID=demo until_shows get-agent-card.sh '"signatures"'
take run-capsule.sh RUN_ID=run_id
until_shows get-agent-run-result.sh '"completed"'
new_capsule
until_shows publish-capsule.sh '"listed"'
take start-upgrade-check.sh CHECK_ID=check_id
checked_upgrade
until_shows get-upgrade-check.sh '"verdict":"pass"'
until_shows upgrade-capsule.sh '"installed"'
until_shows rollback-capsule.sh '"installed"'
until_shows uninstall-capsule.sh '"uninstalled"'
until_shows yank-capsule.sh '"yanked"'
until_shows revoke-capsule.sh '"revoked"'
first_capsule
take remember.sh MEMORY_ID=memory_id
take create-memory.sh OTHER_MEMORY_ID=memory_id
until_shows recall.sh "$MEMORY_ID"
until_shows retrieve-memories.sh '"context"'
until_shows link-memories.sh '"supports"'
until_shows get-memory.sh '"supports"'
until_shows list-memories.sh "$MEMORY_ID"
until_shows get-memory-persona.sh '"guide"'
until_shows forget-memory.sh '"forgotten"'
until_shows put-golden-set.sh '"clerk-basics"'
until_shows list-golden-sets.sh '"clerk-basics"'
until_shows add-golden-case.sh '"version":2'
until_shows get-golden-set.sh "$TURN_ID"
until_shows list-golden-set-versions.sh '"version":2'
until_shows get-golden-set-version.sh '"document"'
take start-evaluation.sh EVALUATION_ID=evaluation_id
until_shows get-evaluation.sh '"ended_at":"'
until_shows list-evaluations.sh "$EVALUATION_ID"
until_shows set-evaluation-baseline.sh "$EVALUATION_ID"
run remove-golden-set.sh >/dev/null
until_shows get-usage.sh '"cost"'
until_shows list-prices.sh '"in_force"'
until_shows set-prices.sh '"effective_from"'
until_shows list-ledger-accounts.sh 'platform:revenue'
until_shows get-ledger-account.sh '"balance"'
last_charge
until_shows list-ledger-transactions.sh "$CHARGE_ID"
until_shows get-ledger-transaction.sh '"legs"'
until_shows correct-charge.sh '"transaction_id"'
TENANT_ID=acme until_shows top-up-credit.sh '"top_up_id"'
until_shows get-credit.sh '"left"'
until_shows get-invoice.sh '"totals"'
until_shows get-invoice-csv.sh 'unit_price'
run get-invoice-pdf.sh >/dev/null
until_shows get-focus-costs.sh 'BilledCost'
until_shows what-if-billing.sh '"metered"'
until_shows get-persona-analytics.sh '"items"'
until_shows get-tool-analytics.sh '"items"'
until_shows get-policy-analytics.sh '"refusals"'
until_shows get-model-analytics.sh '"latency_ms"'
until_shows get-capsule-analytics.sh '"items"'
until_shows get-capsule-analytics-alias.sh '"items"'
some_anomaly
until_shows get-anomaly.sh '"records"'
until_shows get-anomaly-series.sh '"denials"'
until_shows get-anomaly-settings.sh '"in_force"'
until_shows set-anomaly-settings.sh '"effective_from"'
until_shows reset-anomaly-settings.sh '"version"'
new_team
run create-tenant.sh >/dev/null
until_shows list-tenants.sh "$TENANT_ID"
until_shows get-tenant.sh '"active"'
until_shows change-tenant.sh '"tokens_max":1000000'
until_shows get-budgets.sh '"windows"'
run put-persona.sh >/dev/null
until_shows list-personas.sh '"clerk"'
until_shows get-persona.sh '"clerk"'
run remove-persona.sh >/dev/null
run create-role.sh >/dev/null
run create-service-account.sh >/dev/null
run create-user.sh >/dev/null
take create-api-key.sh KEY_ID=key_id TEAM_KEY=key
KHIPU_API_KEY=$TEAM_KEY until_shows start-session.sh '"session_id"'
until_shows list-roles.sh '"reader"'
until_shows get-role.sh '"slm:invoke:*"'
until_shows change-role.sh '"slm:embed:*"'
until_shows list-users.sh '"ana"'
until_shows get-user.sh '"active"'
until_shows change-user.sh '"disabled"'
until_shows list-service-accounts.sh '"search"'
until_shows get-service-account.sh '"slm:embed:*"'
until_shows change-service-account.sh '"Search in production"'
until_shows list-api-keys.sh "$KEY_ID"
until_shows get-api-key.sh '"active"'
take rotate-api-key.sh ROTATED_KEY=key
KHIPU_API_KEY=$TEAM_KEY until_shows list-sessions.sh '"items"'
KHIPU_API_KEY=$ROTATED_KEY until_shows list-sessions.sh '"items"'
run revoke-api-key.sh >/dev/null
until_shows get-api-key.sh '"revoked"'
run remove-user.sh >/dev/null
run remove-service-account.sh >/dev/null
run remove-role.sh >/dev/null
until_shows list-constitutions.sh '"1.3.0"'
copy_constitution
take propose-constitution.sh CONSTITUTION_DIGEST=digest
until_shows review-constitution.sh '"approve"'
until_shows sign-constitution.sh '"published"'
until_shows get-constitution.sh '"published"'
until_shows shadow-constitution.sh '"version":null'
until_shows activate-constitution.sh '"activated_by"'
constitution_life
stop_everything
until_shows stream-turns.sh 'retry:'
until_shows live.sh '"ok":true'
until_shows ready.sh '"ok":true'
until_shows metrics.sh 'khipu_http_request_duration_seconds'
until_shows jwks.sh '"keys"'
until_shows trace-session.sh '{'
until_shows diff-constitution.sh '{'
until_shows list-shadow-differences.sh '{'
until_shows list-anomalies.sh '{'
until_shows get-topology.sh '{'
until_shows get-activity.sh '{'
until_shows list-dead-letters.sh '{'
until_shows list-models.sh '{'
until_shows get-model.sh '{'
run try-policy.sh >/dev/null
run redrive-dead-letters.sh >/dev/null
run drop-dead-letters.sh >/dev/null
run create-chat-completion.sh >/dev/null
run create-embedding.sh >/dev/null
run create-moderation.sh >/dev/null
echo 'every example ran'
