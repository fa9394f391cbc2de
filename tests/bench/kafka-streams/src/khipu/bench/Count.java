package khipu.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * A keyed count with state in Kafka Streams, exactly once, which tests/bench/runtime compares with Khipu’s processor.
 * Reports on standard output, one line each, when it runs, what it restored and why it ended.
 *
 * <p>Arguments: a properties file. Names that begin with `bench.` are read here, all others are passed to StreamsConfig unchanged.
 */
public final class Count {
  private static final String STORE = "counts";

  public static void main(String[] args) throws Exception {
    Properties config = new Properties();
    try (var reader = Files.newBufferedReader(Path.of(args[0]))) {
      config.load(reader);
    }
    KafkaStreams streams = new KafkaStreams(topology(config), config);
    Takeover takeover = new Takeover();
    streams.setStateListener(takeover);
    streams.setUncaughtExceptionHandler(
        error -> {
          System.out.println("FAILED " + error);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setGlobalStateRestoreListener(takeover);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
  }

  private static Topology topology(Properties config) throws Exception {
    Framed input = framed(config, "bench.input.schema", "bench.input.schema.id");
    Framed output = framed(config, "bench.output.schema", "bench.output.schema.id");
    boolean inMemory = "memory".equals(config.getProperty("bench.store"));
    StoreBuilder<KeyValueStore<String, Long>> store =
        Stores.keyValueStoreBuilder(
            inMemory ? Stores.inMemoryKeyValueStore(STORE) : Stores.persistentKeyValueStore(STORE),
            Serdes.String(),
            Serdes.Long());
    if ("true".equals(config.getProperty("bench.caching"))) store = store.withCachingEnabled();
    var strings = Serdes.String();
    return new Topology()
        .addSource("in", strings.deserializer(), input.deserializer(), config.getProperty("bench.input"))
        .addProcessor("count", () -> new Counter(STORE, output.schema()), "in")
        .addStateStore(store, "count")
        .addSink("out", config.getProperty("bench.output"), strings.serializer(), output.serializer(), "count");
  }

  private static Framed framed(Properties config, String schema, String id) throws Exception {
    String json = Files.readString(Path.of(config.getProperty(schema)), StandardCharsets.UTF_8);
    return new Framed(new Schema.Parser().parse(json), Integer.parseInt(config.getProperty(id)));
  }

  /** Reports the time from the assignment of a partition, before its state is restored, to the first work on it. */
  private static final class Takeover implements KafkaStreams.StateListener, StateRestoreListener {
    private volatile long beganAt = System.nanoTime();

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
      beganAt = System.nanoTime();
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long count) {}

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
      System.out.println("RESTORED " + total);
    }

    @Override
    public void onChange(KafkaStreams.State now, KafkaStreams.State before) {
      if (now == KafkaStreams.State.RUNNING)
        System.out.println("RUNNING " + (System.nanoTime() - beganAt) / 1_000_000.0);
    }
  }
}
