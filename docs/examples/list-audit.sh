curl -sS --fail-with-body "$KHIPU_URL/v1/audit?session_id=$SESSION_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
