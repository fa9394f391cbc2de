import {
  type ChatHistoryItem,
  type ChatWrapper,
  getLlama,
  LlamaChat,
  type LlamaContextSequence,
  type LlamaEmbeddingContext,
  type LlamaGrammar,
  LlamaLogLevel,
  type LlamaModel,
  resolveChatWrapper,
  type Token,
} from 'node-llama-cpp';
import { normalised } from '../../../schemas/feature-hashing.ts';
import { messageOf } from '../../kit/errors.ts';
import { type SlmFormat, type SlmMessage, SlmProviderError, type SlmUsage } from '../provider.ts';
import { fitWindow } from './chat-window.ts';
import { unsupportedIn } from './grammar-schema.ts';
import type { ChildOptions, CompleteCommand } from './protocol.ts';
import { type CallForm, jsonOrText } from './tool-grammar.ts';

/**
 * Tokens per evaluation; a cancellation takes effect between two batches, about 0.6 s apart on one core at 110
 * tokens/s.
 */
const batchTokens = 64;

/**
 * A GGUF model on one thread (more were slower on small models). Not for concurrent use: make one call after the other.
 * The evaluated prefix of the last prompt is kept, so that the next turn of a session evaluates only the new part
 * (measured: first token after 0.3 s, not 1.5 s). The cost: tokens evaluated during an answer and tokens evaluated as a
 * prompt round differently, so the same seed may give another answer after another prompt.
 */
export class ChatModel {
  readonly #model: LlamaModel;
  readonly #sequence: LlamaContextSequence;
  readonly #wrapper: ChatWrapper;
  readonly #chat: LlamaChat;
  readonly #embeddingContextSize: number;
  #embeddings: LlamaEmbeddingContext | undefined;

  private constructor(model: LlamaModel, sequence: LlamaContextSequence, embeddingContextSize: number) {
    this.#model = model;
    this.#sequence = sequence;
    this.#wrapper = resolveChatWrapper(model);
    this.#chat = new LlamaChat({ contextSequence: sequence, chatWrapper: this.#wrapper });
    this.#embeddingContextSize = embeddingContextSize;
  }

  /** Loads the model. Uses prebuilt binaries only: nothing is compiled or downloaded. */
  static async load({ modelPath, contextSize, embeddingContextSize }: ChildOptions): Promise<ChatModel> {
    const llama = await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      maxThreads: 1,
      logLevel: LlamaLogLevel.error,
      progressLogs: false,
    });
    const model = await llama.loadModel({ modelPath, gpuLayers: 0, useMmap: true });
    const context = await model.createContext({
      contextSize,
      threads: 1,
      batchSize: batchTokens,
      flashAttention: false,
    });
    return new ChatModel(model, context.getSequence(), embeddingContextSize);
  }

  get contextSize(): number {
    return this.#sequence.contextSize;
  }

  /**
   * Answers a prompt. The answer may take up to half of the context; the prompt gets the rest, and drops its oldest
   * messages to fit.
   */
  async complete(
    command: CompleteCommand,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<{ finishReason: 'stop' | 'length'; usage: SlmUsage }> {
    const answerMax = Math.min(command.maxTokens, Math.floor(this.contextSize / 2));
    const window = fitWindow(
      command.messages,
      this.contextSize - answerMax,
      (messages) => this.#render(messages).length,
    );
    if (window === null) {
      throw new SlmProviderError('SLM_REJECTED', `the prompt exceeds ${this.contextSize - answerMax} tokens`);
    }
    const grammar = await (command.calls === null ? this.#grammarOf(command.format) : this.#callGrammar(command.calls));
    const prompt = this.#render(window);
    await this.#evaluate(prompt, signal);
    const before = this.#sequence.tokenMeter.usedOutputTokens;
    const { metadata } = await this.#chat.generateResponse(toHistory(window), {
      maxTokens: answerMax,
      temperature: command.temperature,
      seed: command.seed,
      customStopTriggers: command.stop,
      repeatPenalty: { lastTokens: 64, penalty: 1.1 },
      ...(grammar !== null && { grammar }),
      onTextChunk: onText,
      signal,
    });
    const completionTokens = this.#sequence.tokenMeter.usedOutputTokens - before;
    return {
      finishReason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
      usage: { promptTokens: prompt.length, completionTokens },
    };
  }

  /**
   * Returns the model's state at the last token, scaled to length 1: usable for similarity, weaker than an embedding
   * model's.
   */
  async embed(input: readonly string[], signal: AbortSignal): Promise<{ vectors: number[][]; promptTokens: number }> {
    this.#embeddings ??= await this.#model.createEmbeddingContext({
      contextSize: this.#embeddingContextSize,
      batchSize: this.#embeddingContextSize,
      threads: 1,
    });
    const vectors: number[][] = [];
    let promptTokens = 0;
    for (const [index, text] of input.entries()) {
      signal.throwIfAborted();
      const tokens = this.#embeddings.calculateInputLength(text);
      if (tokens >= this.#embeddingContextSize) {
        throw new SlmProviderError(
          'SLM_REJECTED',
          `input[${index}] has ${tokens} of ${this.#embeddingContextSize} tokens`,
        );
      }
      const { vector } = await this.#embeddings.getEmbeddingFor(text);
      vectors.push(normalised(vector));
      promptTokens += tokens;
    }
    return { vectors, promptTokens };
  }

  /** Returns the grammar that holds an answer to its form. Throws SLM_FORMAT_UNSUPPORTED for a schema without one. */
  async #grammarOf(format: SlmFormat | null): Promise<LlamaGrammar | null> {
    if (format === null) return null;
    if (format.kind === 'json_object') return this.#model.llama.getGrammarFor('json');
    try {
      const schema = JSON.parse(format.schema);
      const unsupported = unsupportedIn(schema);
      if (unsupported !== null) throw new Error(unsupported);
      return await this.#model.llama.createGrammarForJsonSchema(schema);
    } catch (error) {
      throw new SlmProviderError('SLM_FORMAT_UNSUPPORTED', `no grammar for the JSON schema: ${messageOf(error)}`);
    }
  }

  /** Returns the grammar of an answer that may ask for tools. Throws SLM_TOOLS_UNSUPPORTED for a schema without one. */
  async #callGrammar({ schema, orText }: CallForm): Promise<LlamaGrammar> {
    const { llama } = this.#model;
    try {
      const calls = await llama.createGrammarForJsonSchema(JSON.parse(schema));
      if (!orText) return calls;
      const { stopGenerationTriggers, trimWhitespaceSuffix } = calls;
      const grammar = jsonOrText(calls.grammar);
      return await llama.createGrammar({ grammar, stopGenerationTriggers, trimWhitespaceSuffix });
    } catch (error) {
      throw new SlmProviderError('SLM_TOOLS_UNSUPPORTED', `no grammar for the tools: ${messageOf(error)}`);
    }
  }

  #render(messages: readonly SlmMessage[]): Token[] {
    return this.#wrapper
      .generateContextState({ chatHistory: toHistory(messages) })
      .contextText.tokenize(this.#model.tokenizer);
  }

  /**
   * Evaluates the prompt except its last token, from where it differs from the previous one. `LlamaChat` would do so
   * itself, but checks an abort only after the whole prompt is evaluated (measured: 4.6 s late for 410 tokens).
   */
  async #evaluate(prompt: readonly Token[], signal: AbortSignal): Promise<void> {
    const known = prompt.slice(0, -1);
    await this.#sequence.adaptStateToTokens(known, false);
    while (this.#sequence.nextTokenIndex < known.length) {
      signal.throwIfAborted();
      const from = this.#sequence.nextTokenIndex;
      await this.#sequence.evaluateWithoutGeneratingNewTokens(known.slice(from, from + batchTokens));
    }
  }
}

/** Converts messages. A special token that is written out in a message is tokenized as plain text. */
function toHistory(messages: readonly SlmMessage[]): ChatHistoryItem[] {
  const items = messages.map(({ role, content }): ChatHistoryItem => {
    if (role === 'assistant') return { type: 'model', response: [content] };
    // Results of tools come as messages of the user: see `tool-prompt.ts`.
    return { type: role === 'tool' ? 'user' : role, text: content };
  });
  return [...items, { type: 'model', response: [] }];
}
