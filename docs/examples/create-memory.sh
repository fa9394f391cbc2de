curl -sS --fail-with-body "$KHIPU_URL/v1/memory/memories" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"text": "The office in Cusco closes at six.", "space": "shared", "tags": ["office"]}'
