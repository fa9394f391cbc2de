curl -sS --fail-with-body "$KHIPU_URL/v1/runs/$RUN_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
