# The manifest is signed on this machine: the key is never sent.
tool=$(./khipu tools add docs/examples/weather-tool.json --key "$CONSTITUTION_KEY" --print)
curl -sS --fail-with-body -X PUT "$KHIPU_URL/v1/tools/weather" \
  -H "Authorization: Bearer $KHIPU_API_KEY" \
  -H "Content-Type: application/json" \
  -d "$tool"
