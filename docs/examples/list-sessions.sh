curl -sS --fail-with-body "$KHIPU_URL/v1/sessions?limit=20" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
