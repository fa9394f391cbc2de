curl -sS --fail-with-body "$KHIPU_URL/v1/dead-letters/redrive" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"names": ["sessions.commands.dlq/0/12"]}'
