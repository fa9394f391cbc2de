curl -sS --fail-with-body "$KHIPU_URL/v1/models/default" -H "Authorization: Bearer $KHIPU_API_KEY"
