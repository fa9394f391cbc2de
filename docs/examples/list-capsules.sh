curl -sS --fail-with-body "$KHIPU_URL/v1/marketplace/capsules?q=research&status=listed" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
