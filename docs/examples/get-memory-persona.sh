curl -sS --fail-with-body "$KHIPU_URL/v1/memory/persona/clerk" -H "Authorization: Bearer $KHIPU_API_KEY"
