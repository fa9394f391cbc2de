curl -sS --fail-with-body --no-buffer "$KHIPU_URL/v1/turns?seconds=5" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Accept: text/event-stream"
