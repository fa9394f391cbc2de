curl -sS --fail-with-body "$KHIPU_URL/v1/files" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -F file=@docs/examples/requests.jsonl \
  -F purpose=batch
