curl -sS --fail-with-body "$KHIPU_URL/v1/api-keys?tenant=$TENANT_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
