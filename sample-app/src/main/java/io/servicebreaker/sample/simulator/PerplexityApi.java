package io.servicebreaker.sample.simulator;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Perplexity: chat completions that search the web and tell what they cost. */
final class PerplexityApi implements ProviderApi {

    private static final String CHAT = "POST /chat/completions";
    private static final List<String> TITLES = List.of("A survey", "Notes from practice");

    private final Ids ids;
    private final InstantSource time;

    PerplexityApi(Ids ids, InstantSource time) {
        this.ids = ids;
        this.time = time;
    }

    @Override
    public Set<Fault> faults() {
        return Fault.everyAnd(
                PerplexityErrors.faults(),
                Fault.KEEP_ALIVE,
                Fault.STREAM_ERROR_BILLED,
                Fault.NO_CITATIONS,
                Fault.ABSURD_HEADERS);
    }

    @Override
    public Set<String> models() {
        return PerplexityPrice.models();
    }

    @Override
    public @Nullable Answer refusal(Request request) {
        if (!request.hasBearerToken()) {
            return PerplexityErrors.missingKey();
        }
        if (!request.route().equals(CHAT)) {
            return PerplexityErrors.notFound();
        }
        if (!ChatRequest.hasMessages(request, "messages")) {
            return PerplexityErrors.invalid("invalid_message", "At least one message must be provided.");
        }
        String model = request.text("model");
        return PerplexityPrice.isKnown(model) ? null : PerplexityErrors.unknownModel(model);
    }

    @Override
    public Answer answer(Request request, Fate fate) {
        Answer answer = fate.fault().isRefusal()
                ? PerplexityErrors.of(fate.fault(), request.text("model")).with(RetryAfter.header(fate.retryAfter()))
                : success(ChatRequest.of(request, "messages"), fate.fault());
        return isAbsurd(fate.fault()) ? answer.with(AbsurdHeaders.all()) : answer;
    }

    private static boolean isAbsurd(Fault fault) {
        return fault == Fault.ABSURD_HEADERS || fault == Fault.ABSURD_RATE_LIMIT;
    }

    private Answer success(ChatRequest chat, Fault fault) {
        String text = text(chat.question(), fault);
        ChatFormat format =
                new ChatFormat(ids.next(""), chat.model(), time.instant().getEpochSecond());
        ArrayNode results =
                fault == Fault.EMPTY || fault == Fault.NO_CITATIONS ? Json.array() : results(chat.question());
        if (!chat.stream()) {
            return Answer.json(200, withSources(format.completion(text, usage(chat, text, true)), results));
        }
        Answer whole = Answer.events(chunks(format, chat, text, results));
        return switch (fault) {
            case STREAM_ERROR -> whole.beginning().thenCut();
            case STREAM_ERROR_BILLED ->
                whole.failing(bill(format, usage(chat, text, true), results)).thenCut();
            default -> whole;
        };
    }

    private static String text(String question, Fault fault) {
        return switch (fault) {
            case EMPTY -> "";
            case NO_CITATIONS -> Prose.about(question, "It is widely agreed what the main points of %s are.");
            default -> Prose.about(question, "Recent sources agree on the main points of %s [1][2].");
        };
    }

    /** Bills all of the answer, though not all of it arrives. */
    private static String bill(ChatFormat format, ObjectNode usage, ArrayNode results) {
        ObjectNode chunk = format.chunk(Json.object().put("content", ""), null);
        chunk.set("usage", usage);
        return Answer.event(withSources(chunk, results));
    }

    private static List<ObjectNode> chunks(ChatFormat format, ChatRequest chat, String text, ArrayNode results) {
        List<ObjectNode> chunks = format.chunks(text);
        for (int i = 0; i < chunks.size(); i++) {
            boolean last = i == chunks.size() - 1;
            chunks.get(i).set("usage", last ? usage(chat, text, true) : usage(chat, "", false));
            withSources(chunks.get(i), results);
        }
        return chunks;
    }

    private static ObjectNode withSources(ObjectNode body, ArrayNode results) {
        ArrayNode citations = body.putArray("citations");
        results.forEach(result -> citations.add(result.path("url").asString()));
        body.set("search_results", results);
        return body;
    }

    /** Unfinished chunks carry a skeleton of the cost without the fee for the request. */
    private static ObjectNode usage(ChatRequest chat, String text, boolean complete) {
        int completionTokens = Tokens.count(text);
        ObjectNode usage = ChatFormat.usage(chat.promptTokens(), completionTokens);
        usage.put("search_context_size", "low").put("num_search_queries", complete ? 1 : 0);
        ObjectNode cost = usage.putObject("cost");
        if (complete) {
            PerplexityPrice.ofModel(chat.model()).describe(cost, chat.promptTokens(), completionTokens);
        } else {
            cost.put("input_tokens_cost", 0).put("output_tokens_cost", 0).put("total_cost", 0);
        }
        return usage;
    }

    private static ArrayNode results(String question) {
        ArrayNode results = Json.array();
        for (int i = 0; i < TITLES.size(); i++) {
            String path = Integer.toHexString(question.hashCode()) + "-" + (i + 1);
            results.addObject()
                    .put("title", TITLES.get(i))
                    .put("url", "https://example.org/articles/" + path)
                    .put("date", "2025-06-0" + (i + 1))
                    .put("snippet", Prose.about(question, "%s in brief."));
        }
        return results;
    }
}
