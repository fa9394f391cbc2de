curl -sS --fail-with-body "$KHIPU_URL/v1/budgets?tenant=$TENANT_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
