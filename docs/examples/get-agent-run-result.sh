curl -sS --fail-with-body "$KHIPU_URL/v1/agents/runs/7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11/result" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
