curl -sS --fail-with-body "$KHIPU_URL/v1/schedules/nightly-report/runs" -H "Authorization: Bearer $KHIPU_API_KEY"
