curl -sS --fail-with-body "$KHIPU_URL/v1/agents/runs/$RUN_ID/fork" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"call": 1, "answer": {"paid": 7}}'
