curl -sS --fail-with-body "$KHIPU_URL/.well-known/jwks.json"
