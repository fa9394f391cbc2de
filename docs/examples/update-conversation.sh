curl -sS --fail-with-body "$KHIPU_URL/v1/conversations/$CONVERSATION_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"metadata": {"team": "looms"}}'
