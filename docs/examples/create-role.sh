curl -sS --fail-with-body "$KHIPU_URL/v1/roles?tenant=$TENANT_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"name": "reader", "capabilities": ["slm:invoke:*"]}'
