curl -sS --fail-with-body -X DELETE "$KHIPU_URL/v1/templates/examples.greeting" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
