# APPROVAL_DIGEST is the digest of the approval: of what was looked at.
curl -sS --fail-with-body "$KHIPU_URL/v1/approvals/$APPROVAL_ID/decision" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"outcome\": \"approve\", \"digest\": \"$APPROVAL_DIGEST\", \"grant\": {\"lifetime_ms\": 600000, \"uses_max\": 5}}"
