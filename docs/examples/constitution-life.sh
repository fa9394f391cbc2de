./khipu policy check "$CONSTITUTION_FILE"                     # valid, and its own tests pass
./khipu policy what-if "$CONSTITUTION_FILE"                   # verdicts of the past that it would turn
./khipu constitution propose "$CONSTITUTION_FILE"
./khipu constitution review "$CONSTITUTION_VERSION" --approve --comment 'read and tried'
./khipu constitution sign "$CONSTITUTION_VERSION" --key "$CONSTITUTION_KEY"
./khipu constitution shadow "$CONSTITUTION_VERSION"           # evaluated beside the active one, without effect
./khipu constitution activate "$CONSTITUTION_VERSION"         # from here on it decides
./khipu constitution activate 1.3.0                           # and back again: one event
./khipu constitution shadow --off
./khipu constitution list
