curl -sS --fail-with-body "$KHIPU_URL/v1/slm/health"
