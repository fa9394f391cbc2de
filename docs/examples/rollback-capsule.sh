curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/installs/research-brief/rollback" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{}'
