curl -sS --fail-with-body "$KHIPU_URL/v1/templates/import" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"document": {"document": {"dsl": "1.0.3", "namespace": "examples", "name": "greeting", "version": "1.0.0"}, "do": [{"greet": {"set": {"text": "Hello"}}}]}}'
