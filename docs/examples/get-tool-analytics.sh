curl -sS --fail-with-body "$KHIPU_URL/v1/analytics/tools" -H "Authorization: Bearer $KHIPU_API_KEY"
