curl -sS --fail-with-body "$KHIPU_URL/v1/slm/health" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
