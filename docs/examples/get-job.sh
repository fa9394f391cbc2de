curl -sS --fail-with-body "$KHIPU_URL/v1/jobs/$JOB_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
