curl -sS --fail-with-body -X PUT "$KHIPU_URL/v1/anomalies/settings" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"level_threshold": 6, "denials_max": 50, "note": "Fewer alarms while we grow"}'
