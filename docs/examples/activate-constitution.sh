curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/activations" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"version\": \"$CONSTITUTION_VERSION\", \"digest\": \"$CONSTITUTION_DIGEST\"}"
