curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/installs/research-brief/run" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"input": {"question": "What is a khipu?"}}'
