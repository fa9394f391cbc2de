curl -sS --fail-with-body "$KHIPU_URL/v1/sessions" -H "Authorization: Bearer $KHIPU_API_KEY"
