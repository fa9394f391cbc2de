curl -sS --fail-with-body "$KHIPU_URL/analytics/capsules" -H "Authorization: Bearer $KHIPU_API_KEY"
