curl -sS --fail-with-body "$KHIPU_URL/v1/evaluations/runs?golden_set=clerk-basics" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
