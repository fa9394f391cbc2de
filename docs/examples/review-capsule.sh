# CAPSULE_DIGEST is the digest of the manifest that was read. Who publishes a capsule does not review it.
curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/capsules/demo/research-brief/$CAPSULE_VERSION/reviews" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"outcome\": \"approve\", \"digest\": \"$CAPSULE_DIGEST\"}"
