curl -sS --fail-with-body "$KHIPU_URL/v1/approvals?tool=pay" -H "Authorization: Bearer $KHIPU_API_KEY"
