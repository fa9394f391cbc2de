# The signature is made where the key is: no request carries the key.
signature=$(npm run --silent khipu -- constitution sign --file "$CONSTITUTION_FILE" --key "$CONSTITUTION_KEY")
curl -sS --fail-with-body "$KHIPU_URL/v1/constitutions/$CONSTITUTION_VERSION/signatures" \
  -H "Authorization: Bearer $KHIPU_API_KEY" -H 'Content-Type: application/json' -d "$signature"
