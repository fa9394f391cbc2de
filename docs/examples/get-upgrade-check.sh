curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/installs/research-brief/upgrade-checks/$CHECK_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
