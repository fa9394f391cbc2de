curl -sS --fail-with-body "$KHIPU_URL/v1/sessions/$SESSION_ID/tokens" \
  -H "Authorization: Bearer $SESSION_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"capabilities": ["slm:invoke:default"], "ttl_seconds": 300}'
