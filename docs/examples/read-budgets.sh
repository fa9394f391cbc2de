curl -sS --fail-with-body "$KHIPU_URL/v1/budgets" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
