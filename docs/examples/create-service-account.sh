curl -sS --fail-with-body "$KHIPU_URL/v1/service-accounts?tenant=$TENANT_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"service_account_id": "search", "name": "Search", "roles": ["reader"]}'
