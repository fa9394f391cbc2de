curl -sS --fail-with-body "$KHIPU_URL/v1/jobs?type=inference.batch&tag=customer-42" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
