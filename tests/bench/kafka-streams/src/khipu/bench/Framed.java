package khipu.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Avro's generic reader and writer in Confluent framing (a zero byte, the schema's id, the body), like the registry’s own
 * serializer does it once it knows the schema. Used by one stream thread, so that decoder, encoder and buffer are reused.
 */
final class Framed implements Serde<GenericRecord> {
  private static final int HEADER_BYTES = 5;

  private final Schema schema;
  private final int id;
  private final GenericDatumReader<GenericRecord> reader;
  private final GenericDatumWriter<GenericRecord> writer;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
  private BinaryDecoder decoder;
  private BinaryEncoder encoder;

  Framed(Schema schema, int id) {
    this.schema = schema;
    this.id = id;
    this.reader = new GenericDatumReader<>(schema);
    this.writer = new GenericDatumWriter<>(schema);
  }

  Schema schema() {
    return schema;
  }

  @Override
  public Serializer<GenericRecord> serializer() {
    return (topic, record) -> write(record);
  }

  @Override
  public Deserializer<GenericRecord> deserializer() {
    return (topic, bytes) -> read(bytes);
  }

  private GenericRecord read(byte[] bytes) {
    ByteBuffer head = ByteBuffer.wrap(bytes);
    if (head.get() != 0 || head.getInt() != id) throw new SerializationException("not framed, or another schema");
    try {
      decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, decoder);
      return reader.read(null, decoder);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private byte[] write(GenericRecord record) {
    out.reset();
    out.writeBytes(ByteBuffer.allocate(HEADER_BYTES).put((byte) 0).putInt(id).array());
    encoder = EncoderFactory.get().directBinaryEncoder(out, encoder);
    try {
      writer.write(record, encoder);
      return out.toByteArray();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
