curl -sS --fail-with-body "$KHIPU_URL/v1/responses/$RESPONSE_ID/input_items" -H "Authorization: Bearer $KHIPU_API_KEY"
