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
 * @param cut whether the connection is cut after the last frame of a stream
 */
record Answer(
        int status,
        String contentType,
        Map<String, String> headers,
        List<String> frames,
        boolean streamed,
        boolean cut) {

    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream; charset=utf-8";

    static Answer json(int status, JsonNode body) {
        return whole(status, JSON, body);
    }

    static Answer problem(int status, JsonNode body) {
        return whole(status, "application/problem+json", body);
    }

    /** Server-sent events that end with {@code [DONE]}, as chat completions are streamed. */
    static Answer events(List<? extends JsonNode> events) {
        List<String> frames = new ArrayList<>();
        events.forEach(event -> frames.add(event(event)));
        frames.add("data: [DONE]\n\n");
        return stream(EVENTS, frames);
    }

    /** Server-sent events named by their {@code type}, as responses are streamed. */
    static Answer typedEvents(List<? extends JsonNode> events) {
        return stream(EVENTS, events.stream().map(Answer::typedEvent).toList());
    }

    static String typedEvent(JsonNode data) {
        return "event: " + data.path("type").asString() + "\n" + event(data);
    }

    static String event(JsonNode data) {
        return "data: " + Json.write(data) + "\n\n";
    }

    /** One JSON text a line. */
    static Answer lines(List<? extends JsonNode> lines) {
        List<String> frames = lines.stream().map(Answer::line).toList();
        return stream("application/x-ndjson", frames);
    }

    static String line(JsonNode data) {
        return Json.write(data) + "\n";
    }

    Answer with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Answer(status, contentType, all, frames, streamed, cut);
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

    /** A stream that breaks, and what the provider says in the end. */
    Answer failing(String lastWords) {
        List<String> sent = new ArrayList<>(beginning().frames());
        sent.add(lastWords);
        return withFrames(sent, true);
    }

    /** The same stream, after which the connection is cut. */
    Answer thenCut() {
        return new Answer(status, contentType, headers, frames, true, true);
    }

    private static Answer whole(int status, String contentType, JsonNode body) {
        return new Answer(status, contentType, Map.of(), List.of(Json.write(body)), false, false);
    }

    private static Answer stream(String contentType, List<String> frames) {
        return new Answer(200, contentType, Map.of(), frames, true, false);
    }

    private Answer withFrames(List<String> other, boolean asStream) {
        return new Answer(status, contentType, headers, other, asStream, cut);
    }

    private static String half(String text) {
        return text.substring(0, text.length() / 2);
    }
}
