role="$KHIPU_URL/v1/roles/asker?tenant=$TENANT_ID"
etag=$(curl -sS --fail-with-body -o /dev/null -w '%header{etag}' "$role" -H "Authorization: Bearer $KHIPU_API_KEY")
curl -sS --fail-with-body -X DELETE "$role" \
  -H "Authorization: Bearer $KHIPU_API_KEY" -H "If-Match: $etag"
