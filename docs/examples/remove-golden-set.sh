url="$KHIPU_URL/v1/evaluations/golden-sets/clerk-basics"
etag=$(curl -sS --fail-with-body -o /dev/null -w '%header{etag}' "$url" -H "Authorization: Bearer $KHIPU_API_KEY")
curl -sS --fail-with-body -X DELETE "$url" -H "Authorization: Bearer $KHIPU_API_KEY" -H "If-Match: $etag"
