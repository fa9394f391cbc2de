curl -sS --fail-with-body "$KHIPU_URL/a2a/$TENANT_ID/research-brief/.well-known/agent-card.json" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
