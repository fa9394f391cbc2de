curl -sS --fail-with-body "$KHIPU_URL/v1/policy/trials" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"persona": "guide", "prompt": "What is a khipu?"}'
