curl -sS --fail-with-body --no-buffer "$KHIPU_URL/v1/agents/runs/$RUN_ID/events" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Accept: text/event-stream"
