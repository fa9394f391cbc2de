# CONTENT_DIGEST is the digest of input_content, result_content or output_content.
curl -sS --fail-with-body "$KHIPU_URL/v1/jobs/$JOB_ID/contents/$CONTENT_DIGEST" \
  -H "Authorization: Bearer $KHIPU_API_KEY"
