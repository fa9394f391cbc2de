curl -sS --fail-with-body "$KHIPU_URL/marketplace/capsules?q=research&status=listed" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
