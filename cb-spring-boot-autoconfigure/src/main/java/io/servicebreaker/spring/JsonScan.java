package io.servicebreaker.spring;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Looks through JSON objects that arrive in pieces, one after the other. No more than the token at hand is in memory, and
 * what is broken or too long is not read to its end.
 */
final class JsonScan {

    private static final int LONGEST_TOKEN = 256 * 1024;
    private static final int SLICE = 16 * 1024;
    private static final int LONGEST_TEXT = 8 * 1024 * 1024;

    /** Buffers of its own, since a scan may go from thread to thread. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(200).build())
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build();

    private final JsonFacts facts = new JsonFacts();
    private final List<JsonSection> around = new ArrayList<>();
    private @Nullable JsonParser parser;
    private int length;
    private int sinceToken;
    private boolean begun;
    private boolean closed;
    private boolean lost;

    /** The next bytes, from the first index to before the last. */
    void read(byte[] bytes, int from, int to) {
        int start = from;
        while (!begun && start < to && isSpace(bytes[start])) {
            start++;
        }
        if (start == to || lost) {
            return;
        }
        length += Math.min(to - start, LONGEST_TEXT);
        lost = (!begun && bytes[start] != '{') || length > LONGEST_TEXT;
        begun = true;
        if (!lost) {
            parse(bytes, start, to);
        }
    }

    private static boolean isSpace(byte next) {
        return next == ' ' || next == '\n' || next == '\r' || next == '\t';
    }

    private void parse(byte[] bytes, int from, int to) {
        try {
            for (int start = from; start < to && !lost; start += SLICE) {
                parseSlice(bytes, start, Math.min(to, start + SLICE));
            }
        } catch (JacksonException e) {
            lost = true;
        }
    }

    /** Jackson would keep a token of any length until it is complete. */
    private void parseSlice(byte[] bytes, int from, int to) {
        JsonParser tokens = parser();
        ((ByteArrayFeeder) tokens.nonBlockingInputFeeder()).feedInput(bytes, from, to);
        sinceToken += to - from;
        for (JsonToken token = tokens.nextToken();
                token != null && token != JsonToken.NOT_AVAILABLE;
                token = tokens.nextToken()) {
            sinceToken = 0;
            take(token, tokens);
        }
        lost = sinceToken > LONGEST_TOKEN;
    }

    private JsonParser parser() {
        if (parser == null) {
            parser = JSON.createNonBlockingByteArrayParser(ObjectReadContext.empty());
        }
        return parser;
    }

    private void take(JsonToken token, JsonParser tokens) {
        if (token.isStructStart()) {
            open(tokens);
        } else if (token.isStructEnd()) {
            around.remove(around.size() - 1);
            closed = around.isEmpty();
        } else if (token.isScalarValue() && !around.isEmpty()) {
            JsonSection section = around.get(around.size() - 1);
            if (section != JsonSection.OTHER) {
                facts.value(section, nameOf(tokens), token, tokens);
            }
        }
    }

    private void open(JsonParser tokens) {
        if (around.isEmpty()) {
            around.add(JsonSection.ANSWER);
            return;
        }
        JsonSection section = around.get(around.size() - 1);
        // the context is that of what has begun, whose name is its parent's
        JsonSection begun = section.part(section == JsonSection.OTHER ? "" : nameOf(tokens));
        facts.structure(section, begun);
        around.add(begun);
    }

    private static String nameOf(JsonParser tokens) {
        String name = tokens.currentName();
        return name == null ? "" : name;
    }

    /** The text has ended; another may begin. */
    void finish() {
        if (lost || !around.isEmpty()) {
            close();
        }
        around.clear();
        length = 0;
        sinceToken = 0;
        begun = false;
        lost = false;
    }

    private void close() {
        if (parser != null) {
            parser.close();
            parser = null;
        }
    }

    /** Whether a text has begun and its last brace is missing, as far as can be known. */
    boolean isOpen() {
        return begun && !lost && !closed;
    }

    /** Whether the text has come to its last brace. */
    boolean closed() {
        return closed;
    }

    JsonFacts facts() {
        return facts;
    }
}
