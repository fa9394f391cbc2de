curl -sS --fail-with-body -X PUT "$KHIPU_URL/v1/evaluations/golden-sets/clerk-basics/baseline" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"evaluation_id\": \"$EVALUATION_ID\"}"
