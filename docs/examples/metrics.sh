curl -sS --fail-with-body "$KHIPU_URL/metrics"
