curl -sS --fail-with-body "$KHIPU_URL/v1/kill-switch" -H "Authorization: Bearer $KHIPU_API_KEY"
