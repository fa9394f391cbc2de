curl -sS --fail-with-body "$KHIPU_URL/v1/tools/weather/execute" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"arguments": {"city": "Cusco"}}'
