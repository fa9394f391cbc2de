"""Loaded by Schemathesis: see run.ts."""

import schemathesis

# A body of NDJSON is a text.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
