curl -sS --fail-with-body -X PUT "$KHIPU_URL/v1/evaluations/golden-sets/clerk-basics/baseline" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"evaluation_id": "0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10"}'
