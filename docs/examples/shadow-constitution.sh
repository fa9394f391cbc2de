shadow() {
  curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/shadow" \
    -H "Authorization: Bearer $KHIPU_API_KEY" -H 'Content-Type: application/json' -d "$1"
}
shadow "{\"version\": \"$CONSTITUTION_VERSION\"}"
shadow '{"version": null}'
