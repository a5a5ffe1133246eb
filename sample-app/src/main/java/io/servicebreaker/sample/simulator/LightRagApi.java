package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** LightRAG: answers from indexed documents, whole or as a stream of JSON lines. */
final class LightRagApi implements ProviderApi {

    private static final String QUERY = "POST /query";
    private static final String STREAM = "POST /query/stream";
    private static final String HEALTH = "GET /health";
    private static final String NO_CONTEXT = "No relevant context found for the query.";

    @Override
    public Set<Fault> faults() {
        return Fault.everyAnd(LightRagErrors.faults());
    }

    @Override
    public Set<String> models() {
        return Set.of();
    }

    @Override
    public @Nullable Answer refusal(Request request) {
        return switch (request.route()) {
            case HEALTH -> null;
            case QUERY, STREAM -> LightRagErrors.invalid(request);
            default -> LightRagErrors.notFound();
        };
    }

    /** The health says nothing of the model behind the server, so it stays good while queries fail. */
    @Override
    public boolean canFail(Request request) {
        return !request.route().equals(HEALTH);
    }

    @Override
    public Answer answer(Request request, Fate fate) {
        if (request.route().equals(HEALTH)) {
            return Answer.json(200, health());
        }
        if (fate.fault().isRefusal()) {
            return LightRagErrors.of(fate.fault()).with(RetryAfter.header(fate.retryAfter()));
        }
        boolean generated = fate.fault() != Fault.EMPTY;
        String question = request.text("query");
        String text =
                generated ? Prose.about(question, "The indexed documents describe %s in two places.") : NO_CONTEXT;
        boolean streamed = request.route().equals(STREAM) && request.flag("stream", true) && generated;
        if (streamed) {
            return stream(request, text, fate.fault());
        }
        ObjectNode whole = whole(request, text, generated);
        if (request.route().equals(STREAM)) {
            return Answer.lines(List.of(whole));
        }
        return Answer.json(200, whole.put("response_time", seconds(fate.latency())));
    }

    private static Answer stream(Request request, String text, Fault fault) {
        Answer whole = Answer.lines(lines(request, text));
        return fault == Fault.STREAM_ERROR
                ? whole.failing(Answer.line(Json.object().put("error", LightRagErrors.MODEL_FAILED)))
                : whole;
    }

    private static ObjectNode whole(Request request, String text, boolean generated) {
        ObjectNode answer = Json.object().put("response", text);
        if (request.flag("include_references", true)) {
            answer.set("references", generated ? references() : Json.array());
        }
        return answer.put("llm_generated", generated);
    }

    private static List<ObjectNode> lines(Request request, String text) {
        List<ObjectNode> lines = new ArrayList<>();
        if (request.flag("include_references", true)) {
            ObjectNode first = Json.object();
            first.set("references", references());
            lines.add(first);
        }
        Prose.pieces(text).forEach(piece -> lines.add(Json.object().put("response", piece)));
        return lines;
    }

    private static ArrayNode references() {
        ArrayNode references = Json.array();
        references.addObject().put("reference_id", "1").put("file_path", "handbook/overview.md");
        references.addObject().put("reference_id", "2").put("file_path", "handbook/details.md");
        return references;
    }

    private static ObjectNode health() {
        ObjectNode health = Json.object().put("status", "healthy").put("pipeline_busy", false);
        health.putObject("configuration")
                .put("llm_binding", "openai")
                .put("llm_model", "gpt-4o-mini")
                .put("embedding_binding", "openai")
                .put("embedding_model", "text-embedding-3-small");
        return health;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
