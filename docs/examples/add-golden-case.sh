curl -sS --fail-with-body "$KHIPU_URL/v1/evaluations/golden-sets/clerk-basics/cases" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"session_id\": \"$SESSION_ID\", \"turn_id\": \"$TURN_ID\"}"
