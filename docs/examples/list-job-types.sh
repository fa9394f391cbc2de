curl -sS --fail-with-body "$KHIPU_URL/v1/job-types" -H "Authorization: Bearer $KHIPU_API_KEY"
