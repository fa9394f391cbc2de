curl -sS --fail-with-body "$KHIPU_URL/v1/credit?payer=demo" -H "Authorization: Bearer $KHIPU_API_KEY"
