# SESSION_ID and SESSION_TOKEN are session_id and token of the answer above.
curl -sS --no-buffer --fail-with-body "$KHIPU_URL/v1/turn/$SESSION_ID" \
  -H "Authorization: Bearer $SESSION_TOKEN" \
  -H 'Accept: text/event-stream'
