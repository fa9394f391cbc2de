curl -sS --fail-with-body "$KHIPU_URL/v1/schedules/nightly-report/trigger" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{}'
