curl -sS --fail-with-body "$KHIPU_URL/v1/jobs/bulk" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"filter": {"tag": "customer-42"}, "action": "cancel", "reason": "The customer has left", "dry_run": true}'
