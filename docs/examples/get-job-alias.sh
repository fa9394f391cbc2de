curl -sS --fail-with-body "$KHIPU_URL/jobs/$JOB_ID" -H "Authorization: Bearer $KHIPU_API_KEY"
