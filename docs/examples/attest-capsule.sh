# CAPSULE_STATEMENT is a Sigstore bundle as a JSON string.
curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/capsules/demo/research-brief/$CAPSULE_VERSION/attestations" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"digest\": \"$CAPSULE_DIGEST\", \"bundle\": $CAPSULE_STATEMENT}"
