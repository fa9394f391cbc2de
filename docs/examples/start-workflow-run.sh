curl -sS --fail-with-body "$KHIPU_URL/v1/templates/examples.greeting/runs" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"input": {"name": "Ana"}}'
