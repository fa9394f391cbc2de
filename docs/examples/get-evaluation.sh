curl -sS --fail-with-body "$KHIPU_URL/v1/evaluations/runs/0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
