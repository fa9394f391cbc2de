/**
 * Names of the attributes of spans, all in this file. Names of HTTP and messaging follow the OpenTelemetry semantic
 * conventions 1.45.0, names of models and tools semantic-conventions-genai 0.1.0; names that begin with `khipu.` are ours.
 */

/** Schema of the names, sent with each batch of spans. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';
/** Name of the instrumentation scope. */
export const SCOPE = 'khipu';

export const attributes = {
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  urlPath: 'url.path',
  urlScheme: 'url.scheme',
  errorType: 'error.type',
  messagingSystem: 'messaging.system',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  destinationPartition: 'messaging.destination.partition.id',
  consumerGroup: 'messaging.consumer.group.name',
  batchCount: 'messaging.batch.message_count',
  messageId: 'messaging.message.id',
  conversationId: 'messaging.message.conversation_id',
  bodySize: 'messaging.message.body.size',
  kafkaKey: 'messaging.kafka.message.key',
  kafkaOffset: 'messaging.kafka.offset',
  dbSystem: 'db.system.name',
  genAiOperation: 'gen_ai.operation.name',
  genAiProvider: 'gen_ai.provider.name',
  genAiRequestModel: 'gen_ai.request.model',
  genAiResponseModel: 'gen_ai.response.model',
  genAiMaxTokens: 'gen_ai.request.max_tokens',
  genAiInputTokens: 'gen_ai.usage.input_tokens',
  genAiOutputTokens: 'gen_ai.usage.output_tokens',
  genAiFinishReasons: 'gen_ai.response.finish_reasons',
  genAiConversation: 'gen_ai.conversation.id',
  genAiToolName: 'gen_ai.tool.name',
  genAiToolCall: 'gen_ai.tool.call.id',
  record: 'khipu.record',
  writer: 'khipu.writer',
  tenant: 'khipu.tenant',
  place: 'khipu.place',
  simulation: 'khipu.simulation',
  recordsWritten: 'khipu.records_written',
  worker: 'khipu.worker',
  attempt: 'khipu.attempt',
  view: 'khipu.view',
} as const;

/** The value of `messaging.system`. */
export const KAFKA = 'kafka';
