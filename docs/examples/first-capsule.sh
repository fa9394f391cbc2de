set -eu
: "${CONSTITUTION_KEY:=.khipu/keys/constitution.json}"
folder=$(mktemp -d)

# 1. A manifest: what runs, what it takes and gives, and the capabilities that it asks for.
./khipu capsule init question-desk --out "$folder/question-desk.json"
./khipu capsule check "$folder/question-desk.json"

# 2. An archive, signed on this machine: the key is never sent.
./khipu capsule pack "$folder/question-desk.json" --key "$CONSTITUTION_KEY" --out "$folder/question-desk.tar"
./khipu capsule publish "$folder/question-desk.tar"

# 3. Anyone who may read capsules finds it, and reads the manifest under its digest.
./khipu capsule list --q desk
digest=$(./khipu capsule show demo question-desk 0.1.0 --json | sed -n 's/^ *"digest": "\([0-9a-f]*\)".*/\1/p' | head -n 1)

# 4. An install pins the digest, and grants some of what the capsule asks for.
./khipu capsule install --capsule demo/question-desk@0.1.0 --digest "$digest" \
  --granted agents:start:question-desk,slm:invoke:default
run=$(./khipu capsule run question-desk --input '{"question": "What is a khipu?"}' --json |
  sed -n 's/^ *"run_id": "\([0-9a-f-]*\)".*/\1/p')
./khipu agents result "$run" --wait 60

# 5. A revoked capsule runs in no install.
./khipu capsule revoke demo question-desk 0.1.0 --reason 'The tutorial is over'
if ./khipu capsule run question-desk --input '{"question": "And now?"}'; then exit 1; fi
