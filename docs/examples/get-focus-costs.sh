curl -sS --fail-with-body "$KHIPU_URL/v1/costs/focus.csv?payer=demo&period=2026-11" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
