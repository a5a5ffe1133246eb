package io.servicebreaker.sample.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One HTTP answer of a provider.
 *
 * @param frames what goes over the wire: one text, or the events of a stream
 */
record Answer(int status, String contentType, Map<String, String> headers, List<String> frames, boolean streamed) {

    private static final String JSON = "application/json";

    static Answer json(int status, JsonNode body) {
        return new Answer(status, JSON, Map.of(), List.of(Json.write(body)), false);
    }

    static Answer problem(int status, JsonNode body) {
        return new Answer(status, "application/problem+json", Map.of(), List.of(Json.write(body)), false);
    }

    /** Server-sent events that end with {@code [DONE]}, as chat completions are streamed. */
    static Answer events(List<? extends JsonNode> events) {
        List<String> frames = new ArrayList<>();
        events.forEach(event -> frames.add(event(event)));
        frames.add("data: [DONE]\n\n");
        return new Answer(200, "text/event-stream; charset=utf-8", Map.of(), frames, true);
    }

    static String event(JsonNode data) {
        return "data: " + Json.write(data) + "\n\n";
    }

    /** One JSON text a line. */
    static Answer lines(List<? extends JsonNode> lines) {
        List<String> frames = lines.stream().map(Answer::line).toList();
        return new Answer(200, "application/x-ndjson", Map.of(), frames, true);
    }

    static String line(JsonNode data) {
        return Json.write(data) + "\n";
    }

    Answer with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Answer(status, contentType, all, frames, streamed);
    }

    /** The same with its last JSON text broken off in the middle. */
    Answer cutShort() {
        int last = frames.size() / 2;
        List<String> cut = new ArrayList<>(frames.subList(0, last));
        cut.add(half(frames.get(last)));
        return withFrames(cut, streamed);
    }

    /** The part that is sent before a stream breaks. */
    Answer beginning() {
        List<String> part = frames.size() == 1 ? List.of(half(frames.get(0))) : frames.subList(0, frames.size() / 2);
        return withFrames(part, true);
    }

    private Answer withFrames(List<String> other, boolean asStream) {
        return new Answer(status, contentType, headers, other, asStream);
    }

    private static String half(String text) {
        return text.substring(0, text.length() / 2);
    }
}
