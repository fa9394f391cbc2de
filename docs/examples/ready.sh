curl -sS --fail-with-body "$KHIPU_URL/health/ready"
