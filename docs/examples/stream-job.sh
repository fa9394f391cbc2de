curl -sS --fail-with-body --no-buffer "$KHIPU_URL/v1/jobs/$JOB_ID/events" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Accept: text/event-stream"
