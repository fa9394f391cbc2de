curl -sS --fail-with-body "$KHIPU_URL/jobs/start" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"type": "inference.batch", "input": {"prompts": ["What is a khipu?"]}, "tags": ["customer-42"]}'
