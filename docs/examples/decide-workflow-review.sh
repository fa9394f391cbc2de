curl -sS --fail-with-body "$KHIPU_URL/v1/runs/$WORKFLOW_RUN_ID/reviews/00000000000000000000000000000000" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"outcome": "approve"}'
