# CHARGE_ID is the charge_id of a transaction.
curl -sS --fail-with-body "$KHIPU_URL/v1/ledger/corrections" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"charge_id\": \"$CHARGE_ID\", \"cost\": \"0.000100000\", \"reason\": \"The provider reported too many tokens\"}"
