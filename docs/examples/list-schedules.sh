curl -sS --fail-with-body "$KHIPU_URL/v1/schedules?type=inference.batch" -H "Authorization: Bearer $KHIPU_API_KEY"
