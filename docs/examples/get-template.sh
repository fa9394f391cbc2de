curl -sS --fail-with-body "$KHIPU_URL/v1/templates/examples.greeting?digest=$CONSTITUTION_DIGEST" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
