curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/shadow/differences" -H "Authorization: Bearer $KHIPU_API_KEY"
