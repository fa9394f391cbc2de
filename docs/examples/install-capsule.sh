curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/installs" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"capsule\": \"demo/research-brief@$CAPSULE_VERSION\", \"digest\": \"$CAPSULE_DIGEST\", \"granted\": [\"agents:start:research-brief\", \"slm:invoke:default\"]}"
