curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/capsules/demo/research-brief/$CAPSULE_VERSION/attestations" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
