curl -sS --fail-with-body "$KHIPU_URL/v1/templates" -H "Authorization: Bearer $KHIPU_API_KEY"
