curl -sS --fail-with-body "$KHIPU_URL/v1/conversations/$CONVERSATION_ID/items" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"items": [{"role": "user", "content": "A khipu has cords."}]}'
