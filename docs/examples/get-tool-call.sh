curl -sS --fail-with-body "$KHIPU_URL/v1/tool-calls/$CALL_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
