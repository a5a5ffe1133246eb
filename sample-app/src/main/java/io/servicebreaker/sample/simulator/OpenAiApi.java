package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI: chat completions, embeddings and the list of models. */
final class OpenAiApi implements ProviderApi {

    private static final String CHAT = "POST /v1/chat/completions";
    private static final String EMBEDDINGS = "POST /v1/embeddings";
    private static final String MODELS = "GET /v1/models";
    private static final int EXPECTED_ANSWER_TOKENS = 120;

    private final OpenAiLimits limits;
    private final Ids ids;
    private final InstantSource time;

    OpenAiApi(OpenAiLimits limits, Ids ids, InstantSource time) {
        this.limits = limits;
        this.ids = ids;
        this.time = time;
    }

    @Override
    public @Nullable Answer refusal(Request request) {
        Answer refusal = request.hasBearerToken() ? invalid(request) : OpenAiErrors.missingKey();
        return refusal == null ? null : refusal.with(headers(Duration.ZERO));
    }

    private @Nullable Answer invalid(Request request) {
        return switch (request.route()) {
            case MODELS -> null;
            case CHAT -> request.body() == null ? OpenAiErrors.unreadableBody() : invalidChat(request);
            case EMBEDDINGS -> request.body() == null ? OpenAiErrors.unreadableBody() : invalidEmbedding(request);
            default -> OpenAiErrors.unknownUrl(request.route());
        };
    }

    private @Nullable Answer invalidChat(Request request) {
        ChatRequest chat = ChatRequest.of(request);
        if (chat.model().isEmpty()) {
            return OpenAiErrors.missing("model");
        }
        if (!ChatRequest.hasMessages(request)) {
            return OpenAiErrors.missing("messages");
        }
        if (!OpenAiModels.canChat(chat.model())) {
            return OpenAiErrors.unknownModel(chat.model());
        }
        if (chat.promptTokens() > OpenAiModels.contextTokens()) {
            return OpenAiErrors.contextTooLong(chat.promptTokens());
        }
        return limits.take(chat.model(), chat.promptTokens() + EXPECTED_ANSWER_TOKENS);
    }

    private @Nullable Answer invalidEmbedding(Request request) {
        String model = request.text("model");
        if (model.isEmpty()) {
            return OpenAiErrors.missing("model");
        }
        List<String> inputs = OpenAiEmbeddings.inputs(request);
        if (inputs.isEmpty()) {
            return OpenAiErrors.missing("input");
        }
        if (!OpenAiModels.canEmbed(model)) {
            return OpenAiErrors.unknownModel(model);
        }
        return limits.take(model, OpenAiEmbeddings.tokens(inputs));
    }

    @Override
    public Answer answer(Request request, Fate fate) {
        if (fate.fault().isRefusal()) {
            Answer refusal = OpenAiErrors.of(fate.fault(), fate.retryAfter(), request.text("model"));
            return refusal.with(headers(fate.latency())).with(limitsReached(fate));
        }
        return success(request, fate.fault() == Fault.EMPTY).with(headers(fate.latency()));
    }

    private Answer success(Request request, boolean empty) {
        return switch (request.route()) {
            case CHAT -> chat(ChatRequest.of(request), empty);
            case EMBEDDINGS -> Answer.json(200, OpenAiEmbeddings.of(request, empty));
            default -> Answer.json(200, OpenAiModels.list());
        };
    }

    private Answer chat(ChatRequest chat, boolean empty) {
        String text =
                empty ? "" : Prose.about(chat.question(), "%s is best understood by what it is meant to achieve.");
        ObjectNode usage = ChatFormat.usage(chat.promptTokens(), Tokens.count(text));
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
        ChatFormat format = new ChatFormat(
                ids.next("chatcmpl-"),
                OpenAiModels.served(chat.model()),
                time.instant().getEpochSecond());
        return chat.stream()
                ? Answer.events(chunks(format, text, chat.includeUsage() ? usage : null))
                : Answer.json(200, format.completion(text, usage));
    }

    private static List<ObjectNode> chunks(ChatFormat format, String text, @Nullable ObjectNode usage) {
        List<ObjectNode> chunks = new ArrayList<>(format.chunks(text));
        if (usage != null) {
            chunks.forEach(chunk -> chunk.putNull("usage"));
            chunks.add(format.usageChunk(usage));
        }
        return chunks;
    }

    @Override
    public String streamError() {
        return Answer.event(OpenAiErrors.serverError());
    }

    private Map<String, String> headers(Duration processing) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-request-id", ids.next("req_"));
        headers.put("openai-processing-ms", String.valueOf(processing.toMillis()));
        headers.putAll(limits.headers());
        return headers;
    }

    private Map<String, String> limitsReached(Fate fate) {
        return fate.fault() == Fault.RATE_LIMIT && fate.retryAfter() != null
                ? limits.exhausted(fate.retryAfter())
                : Map.of();
    }
}
