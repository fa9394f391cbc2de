curl -sS --fail-with-body "$KHIPU_URL/v1/anomalies?subject=*" -H "Authorization: Bearer $KHIPU_API_KEY"
