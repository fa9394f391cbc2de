curl -sS --fail-with-body -X DELETE "$KHIPU_URL/v1/files/$FILE_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
