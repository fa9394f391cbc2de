url="$KHIPU_URL/v1/evaluations/golden-sets/clerk-basics"
etag=$(curl -sS --fail-with-body -o /dev/null -w '%header{etag}' "$url" -H "Authorization: Bearer $KHIPU_API_KEY")
curl -sS --fail-with-body -X PUT "$url" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "If-Match: $etag" \
  -H "Content-Type: application/json" \
  -d '{"persona": "guide", "description": "What every answer must have", "margin": 0.2, "triggers": ["persona"], "scorers": [{"kind": "regex"}], "cases": [{"case_id": "khipu", "prompt": "What is a khipu?", "expect": {"pattern": "khipu"}}]}'
