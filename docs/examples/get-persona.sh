curl -sS --fail-with-body "$KHIPU_URL/v1/personas/clerk?tenant=$TENANT_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
