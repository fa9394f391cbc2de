curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/$CONSTITUTION_VERSION" -H "Authorization: Bearer $KHIPU_API_KEY"
