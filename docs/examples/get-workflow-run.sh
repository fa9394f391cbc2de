curl -sS --fail-with-body "$KHIPU_URL/v1/runs/$WORKFLOW_RUN_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
