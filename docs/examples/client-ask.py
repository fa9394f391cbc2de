import json
import os
import time
import uuid

import httpx
from httpx_sse import connect_sse
from khipu_client import AuthenticatedClient
from khipu_client.api.sessions import start_session
from khipu_client.models import SessionPending, SessionStarted, StartSession

url = os.environ["KHIPU_URL"]
client = AuthenticatedClient(url, token=os.environ["KHIPU_API_KEY"], timeout=httpx.Timeout(60))

# A write may be answered 202, before its outcome is known: repeated under the same Idempotency-Key, it takes effect once.
key = str(uuid.uuid4())
body = StartSession(persona="guide", prompt="What is a khipu?")
started = start_session.sync(client=client, body=body, idempotency_key=key)
while isinstance(started, SessionPending):
    time.sleep(0.25)
    started = start_session.sync(client=client, body=body, idempotency_key=key)
if not isinstance(started, SessionStarted):
    raise SystemExit(f"refused: {started}")

headers = {"Authorization": f"Bearer {started.token}"}
with httpx.Client(base_url=url, headers=headers, timeout=60) as session:
    with connect_sse(session, "GET", started.turn_url) as stream:
        for event in stream.iter_sse():
            if event.event == "turn.delta":
                print(json.loads(event.data)["text"], end="", flush=True)
            elif event.event.startswith("turn."):
                print(f"\n[{event.event}]")
