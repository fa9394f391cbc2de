curl -sS --fail-with-body "$KHIPU_URL/v1/agents/runs" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"agent": "forecaster", "instructions": "Answer in one sentence.", "prompt": "Do I need a coat in Cusco?", "limits": {"steps": 5}}'
