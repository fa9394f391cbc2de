curl -sS --fail-with-body "$KHIPU_URL/v1/approvals/3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
