curl -sS --fail-with-body "$KHIPU_URL/v1/evaluations/runs/$EVALUATION_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
