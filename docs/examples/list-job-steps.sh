curl -sS --fail-with-body "$KHIPU_URL/v1/jobs/$JOB_ID/steps" -H "Authorization: Bearer $KHIPU_API_KEY"
