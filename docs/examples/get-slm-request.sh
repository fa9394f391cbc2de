# REQUEST_ID is the request_id of a 202.
curl -sS --fail-with-body "$KHIPU_URL/v1/slm/requests/$REQUEST_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
