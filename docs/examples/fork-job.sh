curl -sS --fail-with-body "$KHIPU_URL/v1/jobs/$JOB_ID/fork" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"from_step": {"path": "0/1", "name": "model", "nth": 1}, "tags": ["again"]}'
curl -sS --fail-with-body "$KHIPU_URL/v1/jobs/$JOB_ID/fork" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"from_step": null, "constitution": "1.3.0"}'
