curl -sS --fail-with-body "$KHIPU_URL/v1/agents/runs" -H "Authorization: Bearer $KHIPU_API_KEY"
