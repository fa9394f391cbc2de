etag=$(curl -sS --fail-with-body -o /dev/null -w '%header{etag}' "$KHIPU_URL/v1/api-keys/$KEY_ID?tenant=$TENANT_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY")
curl -sS --fail-with-body "$KHIPU_URL/v1/api-keys/$KEY_ID/rotate?tenant=$TENANT_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "If-Match: $etag" \
  -H "Content-Type: application/json" \
  -d '{"overlap_seconds": 3600}'
