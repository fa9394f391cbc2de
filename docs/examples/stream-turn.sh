# SESSION_ID and SESSION_TOKEN are session_id and token of the started session.
curl -sS --fail-with-body --no-buffer "$KHIPU_URL/v1/turn/$SESSION_ID" \
  -H "Authorization: Bearer $SESSION_TOKEN" \
  -H "Accept: text/event-stream"
