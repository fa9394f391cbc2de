curl -sS --fail-with-body "$KHIPU_URL/v1/jobs/start/bulk" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"type": "inference.batch", "items": [{"input": {"prompts": ["What is a khipu?"]}}]}'
