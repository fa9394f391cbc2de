curl -sS --fail-with-body "$KHIPU_URL/v1/slm/embedding" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"input": ["a knotted cord", "a ledger"]}'
