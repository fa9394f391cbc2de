curl -sS --fail-with-body "$KHIPU_URL/v1/sessions/$SESSION_ID/trace" -H "Authorization: Bearer $KHIPU_API_KEY"
