curl -sS --fail-with-body "$KHIPU_URL/v1/kill-switch" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"scope": "global", "action": "engage", "reason": "Answers leak credentials"}'
