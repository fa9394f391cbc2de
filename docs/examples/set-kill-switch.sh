set_kill_switch() {
  curl -sS --fail-with-body "$KHIPU_URL/v1/kill-switch" \
    -H "Authorization: Bearer $KHIPU_API_KEY" -H 'Content-Type: application/json' -d "$1"
}
set_kill_switch '{"scope": "model:example", "action": "engage", "mode": "drain", "reason": "an example"}'
set_kill_switch '{"scope": "model:example", "action": "release", "reason": "the example ends"}'
