curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/$CONSTITUTION_VERSION/diff" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
