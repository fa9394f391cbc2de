curl -sS --fail-with-body "$KHIPU_URL/v1/memory/memories/$MEMORY_ID/forget" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"reason": "It is not true any more"}'
