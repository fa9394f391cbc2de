curl -sS --fail-with-body "$KHIPU_URL/v1/anomalies/7f7c2a52-3c5e-5d0a-9a53-0c6a5f3c2b11" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
