curl -sS --fail-with-body -X DELETE "$KHIPU_URL/v1/approval-grants/8c0a7f52-1d0e-5b3a-9f5e-2b6d0c4e7a19" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
