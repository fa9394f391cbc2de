curl -sS --fail-with-body "$KHIPU_URL/v1/schedules/preview" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"cron": "0 2 * * *", "time_zone": "Europe/Berlin", "count": 3}'
