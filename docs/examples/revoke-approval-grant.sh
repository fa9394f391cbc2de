curl -sS --fail-with-body -X DELETE "$KHIPU_URL/v1/approval-grants/$GRANT_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
