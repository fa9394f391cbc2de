curl -sS --fail-with-body "$KHIPU_URL/v1/memory/link" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"from_key\": \"$MEMORY_ID\", \"to_key\": \"$OTHER_MEMORY_ID\", \"type\": \"supports\"}"
