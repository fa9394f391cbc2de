curl -sS --fail-with-body "$KHIPU_URL/v1/chat/completions" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"model": "default", "messages": [{"role": "user", "content": "What is a khipu?"}]}'
