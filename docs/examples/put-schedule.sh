curl -sS --fail-with-body -X PUT "$KHIPU_URL/v1/schedules/nightly-report" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"job": {"type": "inference.batch", "input": {"prompts": ["What is a khipu?"]}}, "cron": "0 2 * * *", "time_zone": "Europe/Berlin", "note": "Answers of the night"}'
