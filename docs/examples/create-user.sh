curl -sS --fail-with-body "$KHIPU_URL/v1/users?tenant=$TENANT_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"user_id": "ana", "name": "Ana", "roles": ["reader"]}'
