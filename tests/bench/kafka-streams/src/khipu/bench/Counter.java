package khipu.bench;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Answers the nth command of a key with an event that carries n, with all headers; the same job as tests/bench/runtime/job.ts. */
final class Counter extends ContextualProcessor<String, GenericRecord, String, GenericRecord> {
  private final String store;
  private final Schema answer;
  private KeyValueStore<String, Long> counts;

  Counter(String store, Schema answer) {
    this.store = store;
    this.answer = answer;
  }

  @Override
  public void init(ProcessorContext<String, GenericRecord> context) {
    super.init(context);
    counts = context.getStateStore(store);
  }

  @Override
  public void process(Record<String, GenericRecord> record) {
    Long before = counts.get(record.key());
    long count = before == null ? 1 : before + 1;
    counts.put(record.key(), count);
    GenericRecord said = new GenericData.Record(answer);
    said.put("request_id", record.value().get("request_id"));
    said.put("code", Long.toString(count));
    said.put("detail", record.value().get("prompt"));
    context().forward(record.withValue(said));
  }
}
