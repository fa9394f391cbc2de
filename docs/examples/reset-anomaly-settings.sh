curl -sS --fail-with-body -X DELETE "$KHIPU_URL/v1/anomalies/settings" -H "Authorization: Bearer $KHIPU_API_KEY"
