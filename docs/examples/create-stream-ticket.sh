curl -sS --fail-with-body -X POST "$KHIPU_URL/v1/sessions/$SESSION_ID/stream-tickets" \
  -H "Authorization: Bearer $SESSION_TOKEN"
