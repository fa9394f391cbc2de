curl -sS --fail-with-body -X POST "$KHIPU_URL/v1/batches/$BATCH_ID/cancel" -H "Authorization: Bearer $KHIPU_API_KEY"
