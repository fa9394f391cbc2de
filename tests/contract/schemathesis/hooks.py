"""Loaded by Schemathesis: see run.ts."""

import schemathesis

# A body of NDJSON is a text.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")

# A position as the examples have it: the log of the test has fewer records, and a read waits for it until it answers 503.
EXAMPLE_POSITION = "WyJiaWxsaW5nLmxlZGdlciIsMCw0Ml0"


@schemathesis.hook
def before_call(context, case, kwargs):
    if (case.query or {}).get("position") == EXAMPLE_POSITION:
        del case.query["position"]
