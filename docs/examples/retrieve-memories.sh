curl -sS --fail-with-body "$KHIPU_URL/v1/memory/rag/retrieve" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"query": "When does the office close?", "k": 3, "space": "shared"}'
