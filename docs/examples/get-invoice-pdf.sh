curl -sS --fail-with-body "$KHIPU_URL/v1/invoices/2026-11/pdf?payer=demo" -H "Authorization: Bearer $KHIPU_API_KEY"
