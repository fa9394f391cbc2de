# CHECK_ID is the check_id of a check that has passed.
curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/installs/research-brief/upgrade" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"capsule\": \"demo/research-brief@$CAPSULE_VERSION\", \"digest\": \"$CAPSULE_DIGEST\", \"check_id\": \"$CHECK_ID\"}"
