curl -sS --fail-with-body "$KHIPU_URL/v1/embeddings" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"model": "default", "input": "a knotted cord"}'
