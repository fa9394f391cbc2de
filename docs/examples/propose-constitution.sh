curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"document\": $(cat "$CONSTITUTION_FILE")}"
