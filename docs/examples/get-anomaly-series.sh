curl -sS --fail-with-body "$KHIPU_URL/v1/anomalies/series?subject=*" -H "Authorization: Bearer $KHIPU_API_KEY"
