# The capsule has five golden cases: a share of 0.5 takes no more.
curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/installs/research-brief/upgrade-checks" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"capsule\": \"demo/research-brief@$CAPSULE_VERSION\", \"digest\": \"$CAPSULE_DIGEST\", \"margin\": 0.5}"
