curl -sS --fail-with-body "$KHIPU_URL/v1/topology/activity" -H "Authorization: Bearer $KHIPU_API_KEY"
