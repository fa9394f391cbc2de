curl -sS --fail-with-body "$KHIPU_URL/v1/approvals?tool=weather" -H "Authorization: Bearer $KHIPU_API_KEY"
