"""Reads topics as a team with another language would: with librdkafka and fastavro, without Khipu's code.

usage: consume.py [--follow] BROKERS REGISTRY_URL TOPIC... ; prints one JSON object per record, from the beginning to the
current end, and with --follow also the records that arrive later.
"""

import datetime
import decimal
import hashlib
import io
import json
import sys
import urllib.request

import confluent_kafka
import fastavro

follow = "--follow" in sys.argv
brokers, registry, *topics = [argument for argument in sys.argv[1:] if argument != "--follow"]
schemas = {}


def schema_of(schema_id):
    if schema_id not in schemas:
        with urllib.request.urlopen(f"{registry}/schemas/ids/{schema_id}") as answer:
            schemas[schema_id] = fastavro.parse_schema(json.loads(json.load(answer)["schema"]))
    return schemas[schema_id]


def value_of(framed):
    assert framed[0] == 0, "not in Confluent framing"
    schema = schema_of(int.from_bytes(framed[1:5], "big"))
    return schema["name"], fastavro.schemaless_reader(io.BytesIO(framed[5:]), schema)


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (decimal.Decimal, datetime.datetime)):
        return str(value)
    raise TypeError(type(value))


consumer = confluent_kafka.Consumer(
    {
        "bootstrap.servers": brokers,
        "group.id": "outside-consumer",
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
open_places = {(place.topic, place.partition) for place in places}
while open_places or follow:
    message = consumer.poll(10)
    if message is None:
        if follow:
            continue
        sys.exit("no answer in 10 s")
    if message.error():
        if message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
            open_places.discard((message.topic(), message.partition()))
            continue
        sys.exit(str(message.error()))
    name, value = value_of(message.value())
    print(
        json.dumps(
            {
                "topic": message.topic(),
                "partition": message.partition(),
                "offset": message.offset(),
                "key": message.key().decode(),
                "headers": {key: raw.decode() for key, raw in message.headers() or []},
                "record": name,
                "value": value,
                "sha256": hashlib.sha256(message.value()).hexdigest(),
            },
            default=plain,
        ),
        flush=follow,
    )
consumer.close()
