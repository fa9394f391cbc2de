curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/capsules/demo/research-brief/$CAPSULE_VERSION/revocation" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"reason": "It leaks addresses"}'
