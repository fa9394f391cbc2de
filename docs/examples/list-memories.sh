curl -sS --fail-with-body "$KHIPU_URL/v1/memory/memories?space=shared" -H "Authorization: Bearer $KHIPU_API_KEY"
