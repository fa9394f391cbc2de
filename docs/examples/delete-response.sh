curl -sS --fail-with-body -X DELETE "$KHIPU_URL/v1/responses/$RESPONSE_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
