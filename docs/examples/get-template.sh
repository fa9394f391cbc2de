curl -sS --fail-with-body "$KHIPU_URL/v1/templates/examples.greeting" -H "Authorization: Bearer $KHIPU_API_KEY"
