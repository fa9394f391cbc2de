curl -sS --fail-with-body "$KHIPU_URL/v1/evaluations/golden-sets/clerk-basics/versions/1" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
