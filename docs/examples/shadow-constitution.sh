curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/shadow" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"version\": \"$CONSTITUTION_VERSION\"}"
curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/shadow" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"version": null}'
