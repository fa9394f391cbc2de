curl -sS --fail-with-body "$KHIPU_URL/v1/sessions/$SESSION_ID/turns" \
  -H "Authorization: Bearer $SESSION_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"prompt": "And who could read them?"}'
