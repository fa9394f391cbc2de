curl -sS --fail-with-body "$KHIPU_URL/v1/templates/examples.greeting/versions" -H "Authorization: Bearer $KHIPU_API_KEY"
