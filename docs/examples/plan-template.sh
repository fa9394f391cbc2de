curl -sS --fail-with-body "$KHIPU_URL/v1/templates/examples.greeting/plan" -H "Authorization: Bearer $KHIPU_API_KEY"
