#!/usr/bin/env bash
# Runs every example of the API reference against a running platform, as the pages show them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
: "${KHIPU_URL:?}" "${KHIPU_API_KEY:?}"

field() { node -e 'process.stdout.write(String(JSON.parse(require("node:fs").readFileSync(0, "utf8"))[process.argv[1]]))' "$1"; }
run() {
  echo "--- $1" >&2
  bash "./$1"
}
# Runs an example until its output has the text: read models follow the log within moments.
until_shows() {
  local output
  for _ in {1..50}; do
    output=$(run "$1")
    [[ $output == *"$2"* ]] && return
    sleep 0.2
  done
  echo "error EXAMPLE_FAILED: $1 does not show $2: $output" >&2
  exit 1
}

started=$(run start-session.sh)
SESSION_ID=$(field session_id <<<"$started")
SESSION_TOKEN=$(field token <<<"$started")
export SESSION_ID SESSION_TOKEN

until_shows read-turn.sh 'event: turn.completed'
turn_url=$(run submit-turn.sh | field turn_url)
turn=$(curl -sS --no-buffer --fail-with-body "$KHIPU_URL$turn_url" -H "Authorization: Bearer $SESSION_TOKEN")
[[ $turn == *'event: turn.completed'* ]]

narrow=$(run narrow-token.sh | field token)
SESSION_TOKEN=$narrow run submit-turn.sh >/dev/null

inferred=$(run infer-sync.sh)
REQUEST_ID=$(field request_id <<<"$inferred")
export REQUEST_ID
until_shows slm-request.sh "$REQUEST_ID"
until_shows embedding.sh '"embeddings"'
until_shows slm-health.sh '"ok"'

until_shows read-session.sh '"started"'
until_shows list-sessions.sh "$SESSION_ID"
until_shows read-events.sh 'khipu.sessions.SessionStarted'
until_shows read-audit.sh 'khipu.conversation.TurnCompleted'
until_shows set-kill-switch.sh '"engaged":false'
until_shows list-kill-switches.sh '"items"'
until_shows revoke-tokens.sh '"issued_until"'
# A team of its own each time, so that it can be run again.
export TENANT_ID="team-$RANDOM$RANDOM"
run create-tenant.sh >/dev/null
until_shows list-tenants.sh "$TENANT_ID"
until_shows read-tenant.sh '"active"'
until_shows change-tenant.sh '"tokens_max":1000000'
until_shows read-budgets.sh '"windows"'
run create-role.sh >/dev/null
run create-service-account.sh >/dev/null
run create-user.sh >/dev/null
created=$(run create-api-key.sh)
KEY_ID=$(field key_id <<<"$created")
export KEY_ID
team_key=$(field key <<<"$created")
KHIPU_API_KEY=$team_key until_shows start-session.sh '"session_id"'
until_shows list-roles.sh '"asker"'
until_shows read-role.sh '"slm:invoke:*"'
until_shows change-role.sh '"slm:embed:*"'
until_shows list-users.sh '"ana"'
until_shows read-user.sh '"active"'
until_shows change-user.sh '"disabled"'
until_shows list-service-accounts.sh '"search"'
until_shows read-service-account.sh '"slm:embed:*"'
until_shows change-service-account.sh '"Search"'
until_shows list-api-keys.sh "$KEY_ID"
until_shows read-api-key.sh '"active"'
rotated=$(run rotate-api-key.sh | field key)
for each in "$team_key" "$rotated"; do KHIPU_API_KEY=$each until_shows list-sessions.sh '"items"'; done
run revoke-api-key.sh
until_shows read-api-key.sh '"revoked"'
run remove-user.sh
run remove-service-account.sh
run remove-role.sh

# A version that nobody else has: the one that decides, under another name.
CONSTITUTION_VERSION=example-$(date +%s)
CONSTITUTION_FILE=$(mktemp)
CONSTITUTION_KEY=${CONSTITUTION_KEY:-${KHIPU_HOME:-$(cd ../.. && pwd)/.khipu}/keys/constitution.json}
export CONSTITUTION_VERSION CONSTITUTION_FILE CONSTITUTION_KEY
until_shows list-constitutions.sh '"1.1.0"'
CONSTITUTION_VERSION=1.1.0 run read-constitution.sh | node -e '
  const { document } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  process.stdout.write(JSON.stringify({ ...document, version: process.argv[1] }));
' "$CONSTITUTION_VERSION" >"$CONSTITUTION_FILE"
CONSTITUTION_DIGEST=$(run propose-constitution.sh | field digest)
export CONSTITUTION_DIGEST
until_shows review-constitution.sh '"approve"'
until_shows sign-constitution.sh '"published"'
until_shows shadow-constitution.sh '"version":null'
until_shows activate-constitution.sh '"activated_by"'
sed -i.before "s/$CONSTITUTION_VERSION/$CONSTITUTION_VERSION-cli/" "$CONSTITUTION_FILE"
CONSTITUTION_VERSION=$CONSTITUTION_VERSION-cli
until_shows constitution-life.sh 'published, ACTIVE'
until_shows operate.sh '"openapi"'
echo 'every example ran'
