curl -sS --fail-with-body "$KHIPU_URL/v1/personas?tenant=$TENANT_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
