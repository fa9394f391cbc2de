curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/installs" -H "Authorization: Bearer $KHIPU_API_KEY"
