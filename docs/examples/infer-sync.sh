curl -sS --fail-with-body "$KHIPU_URL/v1/slm/infer_sync" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"prompt": "Say hello.", "max_tokens": 32}'
