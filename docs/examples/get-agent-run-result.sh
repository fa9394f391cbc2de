curl -sS --fail-with-body "$KHIPU_URL/v1/agents/runs/$RUN_ID/result" -H "Authorization: Bearer $KHIPU_API_KEY"
