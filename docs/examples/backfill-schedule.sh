curl -sS --fail-with-body "$KHIPU_URL/v1/schedules/nightly-report/backfill" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"from": "2026-02-01T00:00:00Z", "until": "2026-02-08T00:00:00Z"}'
