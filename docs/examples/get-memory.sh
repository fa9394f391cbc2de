curl -sS --fail-with-body "$KHIPU_URL/v1/memory/memories/$MEMORY_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
