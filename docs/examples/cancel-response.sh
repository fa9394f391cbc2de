curl -sS --fail-with-body -X POST "$KHIPU_URL/v1/responses/$RESPONSE_ID/cancel" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
