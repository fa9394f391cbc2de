curl -sS --fail-with-body "$KHIPU_URL/v1/evaluations/runs" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"golden_set": "clerk-basics"}'
