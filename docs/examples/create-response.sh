curl -sS --fail-with-body "$KHIPU_URL/v1/responses" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"model": "default", "input": "What is a khipu?"}'
