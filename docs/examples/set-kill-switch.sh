curl -sS --fail-with-body "$KHIPU_URL/v1/kill-switch" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"scope": "model:example", "action": "engage", "mode": "drain", "reason": "Its answers leak credentials"}'
curl -sS --fail-with-body "$KHIPU_URL/v1/kill-switch" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"scope": "model:example", "action": "release", "reason": "The model was replaced"}'
