curl -sS --fail-with-body "$KHIPU_URL/v1/agents/runs" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"agent": "forecaster", "prompt": "Do I need a coat in Cusco?", "tools": ["weather"], "limits": {"steps": 5}}'
