curl -sS --fail-with-body -X DELETE "$KHIPU_URL/v1/marketplace/installs/research-brief" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
