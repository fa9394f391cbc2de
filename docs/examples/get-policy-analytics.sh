curl -sS --fail-with-body "$KHIPU_URL/v1/analytics/policies" -H "Authorization: Bearer $KHIPU_API_KEY"
