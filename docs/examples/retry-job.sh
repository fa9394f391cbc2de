curl -sS --fail-with-body "$KHIPU_URL/v1/jobs/$JOB_ID/retry" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{}'
