# CALL_ID is the call_id of a call that has ended.
curl -sS --fail-with-body "$KHIPU_URL/v1/tool-calls/$CALL_ID/output" -H "Authorization: Bearer $KHIPU_API_KEY"
