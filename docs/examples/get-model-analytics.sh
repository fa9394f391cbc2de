curl -sS --fail-with-body "$KHIPU_URL/v1/analytics/models" -H "Authorization: Bearer $KHIPU_API_KEY"
