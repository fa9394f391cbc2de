# The first top-up makes the tenant prepaid.
curl -sS --fail-with-body "$KHIPU_URL/v1/credit/top-ups" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"payer\": \"$TENANT_ID\", \"amount\": \"25.00\", \"currency\": \"USD\", \"reason\": \"Payment 2026-1187\"}"
