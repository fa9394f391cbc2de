curl -sS --fail-with-body -X PUT "$KHIPU_URL/v1/marketplace/capsules/demo/research-brief/$CAPSULE_VERSION" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"archive\": \"$CAPSULE_ARCHIVE\"}"
