curl -sS --fail-with-body "$KHIPU_URL/v1/schedules/nightly-report/pause" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"reason": "The source is being moved"}'
