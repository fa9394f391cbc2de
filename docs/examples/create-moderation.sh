curl -sS --fail-with-body "$KHIPU_URL/v1/moderations" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"input": ["What is a khipu?"]}'
