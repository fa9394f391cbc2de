curl -sS --fail-with-body "$KHIPU_URL/v1/revocations" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"scope\": \"session:$SESSION_ID\", \"reason\": \"A laptop was lost\"}"
