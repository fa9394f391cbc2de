curl -sS --fail-with-body "$KHIPU_URL/v1/dead-letters" -H "Authorization: Bearer $KHIPU_API_KEY"
