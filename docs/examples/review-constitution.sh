curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/$CONSTITUTION_VERSION/reviews" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "{\"digest\": \"$CONSTITUTION_DIGEST\", \"verdict\": \"approve\", \"comment\": \"Read and tried\"}"
