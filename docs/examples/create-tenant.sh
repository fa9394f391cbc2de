curl -sS --fail-with-body "$KHIPU_URL/v1/tenants" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"tenant_id\": \"$TENANT_ID\", \"name\": \"The search team\"}"
