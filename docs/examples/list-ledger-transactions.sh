curl -sS --fail-with-body "$KHIPU_URL/v1/ledger/transactions?payer=demo&account=platform:revenue&charge_id=$CHARGE_ID" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
