curl -sS --fail-with-body -X PUT "$KHIPU_URL/v1/prices" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"currency": "USD", "prices": [{"meter": "prompt_tokens", "resource": "*", "unit_price": "0.250"}, {"meter": "completion_tokens", "resource": "*", "unit_price": "1.000", "tiers": {"mode": "graduated", "steps": [{"above": 1000000, "unit_price": "0.800"}]}}, {"meter": "tool_calls", "resource": "*", "unit_price": "0.001"}], "effective_from": "2099-01-01T00:00:00Z", "note": "Prices of the year 2099"}'
