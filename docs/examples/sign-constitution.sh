# The signature is made offline: the key is never sent.
signature=$(./khipu constitution sign --file "$CONSTITUTION_FILE" --key "$CONSTITUTION_KEY")
curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/$CONSTITUTION_VERSION/signatures" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "$signature"
