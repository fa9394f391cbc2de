url="$KHIPU_URL/v1/tenants/$TENANT_ID"
etag=$(curl -sS --fail-with-body -o /dev/null -w '%header{etag}' "$url" -H "Authorization: Bearer $KHIPU_API_KEY")
curl -sS --fail-with-body -X PUT "$url" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "If-Match: $etag" \
  -H "Content-Type: application/json" \
  -d '{"name": "The search team", "settings": {"budgets": [{"window": "day", "tokens_max": 1000000}]}}'
