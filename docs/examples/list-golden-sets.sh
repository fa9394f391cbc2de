curl -sS --fail-with-body "$KHIPU_URL/v1/evaluations/golden-sets?persona=guide" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
