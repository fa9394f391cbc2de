curl -sS --fail-with-body -X PUT "$KHIPU_URL/v1/personas/clerk?tenant=$TENANT_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"instructions": "You are a careful clerk. Answer with the number of the form.", "temperature": 0.2}'
