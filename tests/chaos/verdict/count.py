"""Reads the topics of a chaos run with librdkafka and fastavro, without Khipu's code, and counts.

usage: count.py BROKERS SCHEMAS_URL ACKNOWLEDGED; prints one JSON object.
"""

import collections
import io
import json
import sys
import urllib.request

import confluent_kafka
import fastavro

brokers, registry, acknowledged = sys.argv[1], sys.argv[2], int(sys.argv[3])
EXAMPLES_MAX = 5
# topic -> (field of the number, field of the writer's own count)
NUMBERS = {
    "inference.commands": (lambda v: v["prompt"], None),
    "inference.events": (lambda v: v["detail"], lambda v: v["code"]),
    "slm.requests": (lambda v: v["input"][0], None),
    "slm.responses": (lambda v: v["detail"], None),
    "conversation.events": (lambda v: v["detail"], lambda v: v["sequence"]),
}
# Numbers of the first topic must be in the second, key by key, in the same order.
HOPS = [
    ("counter", "inference.commands", "inference.events"),
    ("counter, second output", "inference.commands", "slm.requests"),
    ("worker", "slm.requests", "slm.responses"),
    ("relay", "slm.responses", "conversation.events"),
]
SOURCES = {"c": "inference.commands", "w": "slm.requests", "r": "slm.responses"}
STATES = {"counter.state": "inference.events", "relay.state": "conversation.events"}
schemas = {}


def value_of(framed):
    assert framed[0] == 0, "not in Confluent framing"
    schema_id = int.from_bytes(framed[1:5], "big")
    if schema_id not in schemas:
        with urllib.request.urlopen(f"{registry}/schemas/ids/{schema_id}") as answer:
            schemas[schema_id] = fastavro.parse_schema(json.loads(json.load(answer)["schema"]))
    return fastavro.schemaless_reader(io.BytesIO(framed[5:]), schemas[schema_id])


def read(topics, each):
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "outside-count",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
        }
    )
    places = [
        confluent_kafka.TopicPartition(topic, partition, confluent_kafka.OFFSET_BEGINNING)
        for topic in topics
        for partition in consumer.list_topics(topic, timeout=10).topics[topic].partitions
    ]
    consumer.assign(places)
    left = {(place.topic, place.partition) for place in places}
    while left:
        messages = consumer.consume(1000, 10)
        if not messages:
            sys.exit("no answer in 10 s")
        for message in messages:
            if message.error() is None:
                each(message)
            elif message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
                left.discard((message.topic(), message.partition()))
            else:
                sys.exit(str(message.error()))
    consumer.close()


numbers = {topic: collections.defaultdict(list) for topic in NUMBERS}
miscounted = []
states = {topic: {} for topic in STATES}
dead = []


def take(message):
    topic, key, value = message.topic(), message.key().decode(), message.value()
    if topic.endswith(".dlq"):
        headers = {name: raw.decode() for name, raw in message.headers() or []}
        dead.append({"topic": topic, "key": key, "code": headers.get("khipu_dlq_code")})
    elif topic in STATES:
        states[topic][key] = None if value is None else json.loads(value)["state"]["count"]
    else:
        number, count = NUMBERS[topic]
        data = value_of(value)
        seen = numbers[topic][key]
        seen.append(int(number(data)))
        if count is not None and int(count(data)) != len(seen):
            miscounted.append({"topic": topic, "key": key, "offset": message.offset(), "count": count(data), "place": len(seen)})


def compare(name, source, target):
    found = {"name": name, "keys": 0, "records": 0, "lost": 0, "doubled": 0, "moved": 0, "examples": []}
    for key, expected in numbers[source].items():
        seen = numbers[target].get(key, [])
        found["keys"] += 1
        found["records"] += len(seen)
        if seen == expected:
            continue
        wanted, got = collections.Counter(expected), collections.Counter(seen)
        lost, doubled = wanted - got, got - wanted
        found["lost"] += lost.total()
        found["doubled"] += doubled.total()
        found["moved"] += 0 if lost or doubled else sum(a != b for a, b in zip(expected, seen))
        at = next((i for i, (a, b) in enumerate(zip(expected, seen)) if a != b), min(len(expected), len(seen)))
        if len(found["examples"]) < EXAMPLES_MAX:
            found["examples"].append(
                {"key": key, "at": at, "expected": expected[at - 2 : at + 6], "seen": seen[at - 2 : at + 6],
                 "lost": sorted(lost)[:9], "doubled": sorted(doubled)[:9]}
            )
    return found


def acknowledged_lost():
    lost = []
    for topic in set(SOURCES.values()):
        for key, seen in numbers[topic].items():
            if SOURCES[key[0]] != topic:
                continue
            missing = set(range(1, acknowledged + 1)) - set(seen)
            lost += [{"topic": topic, "key": key, "number": number} for number in sorted(missing)]
    return lost


read([*NUMBERS, *STATES, *(f"{topic}.dlq" for topic in NUMBERS)], take)
counted, relayed = numbers["inference.events"], numbers["conversation.events"]
lost = acknowledged_lost()
print(
    json.dumps(
        {
            "hops": [compare(*hop) for hop in HOPS],
            "acknowledged_lost": len(lost),
            "acknowledged_lost_examples": lost[:EXAMPLES_MAX],
            "miscounted": len(miscounted),
            "miscounted_examples": miscounted[:EXAMPLES_MAX],
            "states_wrong": [
                {"topic": topic, "key": key, "state": states[topic].get(key), "events": len(seen)}
                for topic, journal in STATES.items()
                for key, seen in numbers[journal].items()
                if states[topic].get(key) != len(seen)
            ],
            "dead_letters": len(dead),
            "dead_letters_examples": dead[:EXAMPLES_MAX],
            "tally": {
                key: {
                    "counted": len(counted.get(key, [])),
                    "counted_sum": sum(counted.get(key, [])),
                    "relayed": len(relayed.get(key, [])),
                    "relayed_sum": sum(relayed.get(key, [])),
                    "relayed_last": relayed[key][-1] if relayed.get(key) else None,
                }
                for key in {*counted, *relayed}
            },
        }
    )
)
