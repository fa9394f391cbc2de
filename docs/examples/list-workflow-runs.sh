curl -sS --fail-with-body "$KHIPU_URL/v1/runs?template=examples.greeting" -H "Authorization: Bearer $KHIPU_API_KEY"
