curl -sS --fail-with-body "$KHIPU_URL/v1/analytics/capsules" -H "Authorization: Bearer $KHIPU_API_KEY"
