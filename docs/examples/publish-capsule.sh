# CAPSULE_ARCHIVE is the archive that khipu capsule pack makes, base64.
curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/publish" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"archive\": \"$CAPSULE_ARCHIVE\"}"
