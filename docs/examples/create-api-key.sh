curl -sS --fail-with-body "$KHIPU_URL/v1/api-keys?tenant=$TENANT_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Idempotency-Key: search-of-$TENANT_ID" \
  -H "Content-Type: application/json" \
  -d '{"name": "search in production", "owner": "service_account:search", "capabilities": ["slm:invoke:*"]}'
