curl -sS --fail-with-body "$KHIPU_URL/marketplace/publish" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"archive\": \"$CAPSULE_ARCHIVE\"}"
