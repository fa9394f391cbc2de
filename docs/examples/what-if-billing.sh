curl -sS --fail-with-body "$KHIPU_URL/v1/billing/what-if" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"currency": "USD", "prices": [{"meter": "prompt_tokens", "resource": "*", "unit_price": "0.250"}]}'
