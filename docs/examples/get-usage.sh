curl -sS --fail-with-body "$KHIPU_URL/v1/usage?payer=acme" -H "Authorization: Bearer $KHIPU_API_KEY"
