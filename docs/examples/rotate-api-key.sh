key="$KHIPU_URL/v1/api-keys/$KEY_ID"
etag=$(curl -sS --fail-with-body -o /dev/null -w '%header{etag}' "$key?tenant=$TENANT_ID" -H "Authorization: Bearer $KHIPU_API_KEY")
curl -sS --fail-with-body "$key/rotate?tenant=$TENANT_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY" -H "If-Match: $etag" \
  -H 'Content-Type: application/json' \
  -d '{"overlap_seconds": 3600}'
