package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** OpenAI: chat completions, responses, embeddings and the list of models. */
final class OpenAiApi implements ProviderApi {

    private static final String CHAT = "POST /v1/chat/completions";
    private static final String RESPONSES = "POST /v1/responses";
    private static final String EMBEDDINGS = "POST /v1/embeddings";
    private static final String MODELS = "GET /v1/models";
    private static final int EXPECTED_ANSWER_TOKENS = 120;
    private static final Duration TOKENS_RESET = Duration.ofSeconds(20);

    private final OpenAiLimits limits;
    private final Ids ids;
    private final OpenAiChat chat;
    private final OpenAiResponses responses;

    OpenAiApi(OpenAiLimits limits, Ids ids, InstantSource time) {
        this.limits = limits;
        this.ids = ids;
        this.chat = new OpenAiChat(ids, time);
        this.responses = new OpenAiResponses(ids, time);
    }

    @Override
    public Set<Fault> faults() {
        return Fault.everyAnd(OpenAiErrors.faults(), Fault.KEEP_ALIVE, Fault.STREAM_ERROR_BILLED, Fault.ABSURD_HEADERS);
    }

    @Override
    public Set<String> models() {
        return OpenAiModels.all();
    }

    @Override
    public @Nullable Answer refusal(Request request) {
        Answer refusal = request.hasBearerToken() ? invalid(request) : OpenAiErrors.missingKey();
        return refusal == null ? null : refusal.with(headers(Duration.ZERO));
    }

    private @Nullable Answer invalid(Request request) {
        return switch (request.route()) {
            case MODELS -> null;
            case CHAT -> invalidChat(request, "messages");
            case RESPONSES -> invalidChat(request, "input");
            case EMBEDDINGS -> invalidEmbedding(request);
            default -> OpenAiErrors.unknownUrl(request.route());
        };
    }

    private @Nullable Answer invalidChat(Request request, String field) {
        if (request.body() == null) {
            return OpenAiErrors.unreadableBody();
        }
        ChatRequest asked = ChatRequest.of(request, field);
        if (asked.model().isEmpty()) {
            return OpenAiErrors.missing("model");
        }
        if (!ChatRequest.hasMessages(request, field)) {
            return OpenAiErrors.missing(field);
        }
        if (!OpenAiModels.canChat(asked.model())) {
            return OpenAiErrors.unknownModel(asked.model());
        }
        if (asked.promptTokens() > OpenAiModels.contextTokens()) {
            return OpenAiErrors.contextTooLong(asked.promptTokens());
        }
        return limits.take(asked.model(), asked.promptTokens() + EXPECTED_ANSWER_TOKENS);
    }

    private @Nullable Answer invalidEmbedding(Request request) {
        if (request.body() == null) {
            return OpenAiErrors.unreadableBody();
        }
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
        Answer answer = fate.fault().isRefusal()
                ? OpenAiErrors.of(fate.fault(), fate.retryAfter(), request.text("model"))
                : success(request, fate.fault());
        return answer.with(headers(fate.latency())).with(peculiarHeaders(fate));
    }

    private Answer success(Request request, Fault fault) {
        return switch (request.route()) {
            case CHAT -> chat.answer(ChatRequest.of(request, "messages"), fault);
            case RESPONSES -> responses.answer(ChatRequest.of(request, "input"), fault);
            case EMBEDDINGS -> Answer.json(200, OpenAiEmbeddings.of(request, fault == Fault.EMPTY));
            default -> Answer.json(200, OpenAiModels.list());
        };
    }

    private Map<String, String> headers(Duration processing) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-request-id", ids.next("req_"));
        headers.put("openai-processing-ms", String.valueOf(processing.toMillis()));
        headers.putAll(limits.headers());
        return headers;
    }

    private static Map<String, String> peculiarHeaders(Fate fate) {
        Duration retryAfter = fate.retryAfter();
        return switch (fate.fault()) {
            case RATE_LIMIT -> retryAfter == null ? Map.of() : OpenAiLimits.exhausted("requests", retryAfter);
            case TOKEN_LIMIT -> OpenAiLimits.exhausted("tokens", retryAfter == null ? TOKENS_RESET : retryAfter);
            case ABSURD_HEADERS, ABSURD_RATE_LIMIT -> AbsurdHeaders.all();
            default -> Map.of();
        };
    }
}
