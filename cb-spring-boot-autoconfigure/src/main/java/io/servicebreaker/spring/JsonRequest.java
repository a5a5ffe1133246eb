package io.servicebreaker.spring;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON text of a request, for the adapters of clients: the model that it asks for, and its prompt. It is read when that
 * is asked for. Without Jackson 3 nothing is known. Immutable, as long as its bytes are.
 */
public final class JsonRequest {

    /** A body that a client writes when it is asked to. */
    @FunctionalInterface
    public interface Body {

        /** Writes all of it. */
        void writeTo(OutputStream to) throws IOException;
    }

    /** Who has not told everything until there tells nothing that matters. */
    static final int LONGEST = 8 * 1024 * 1024;

    /** One of which nothing is known. */
    public static final JsonRequest UNKNOWN = new JsonRequest(new byte[0]);

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", JsonRequest.class.getClassLoader());

    private final byte[] text;

    private JsonRequest(byte[] text) {
        this.text = text;
    }

    /** The request with that body, which may be anything. */
    public static JsonRequest of(byte[] body) {
        return JACKSON && body.length > 0 && body[0] == '{' ? new JsonRequest(body) : UNKNOWN;
    }

    /**
     * The request with a body of that media type, which may be any.
     *
     * @param contentType as in the header of that name, if there is one
     */
    public static JsonRequest of(@Nullable String contentType, byte[] body) {
        return isJson(contentType) ? of(body) : UNKNOWN;
    }

    /**
     * The request with a body that is kept here once more, but for what is more than 8 MB. Nothing is known of a body that
     * cannot be written, and none is asked for that is no JSON.
     *
     * @param length in bytes, negative if it is not known
     */
    public static JsonRequest of(@Nullable String contentType, long length, Body body) {
        if (!JACKSON || !isJson(contentType)) {
            return UNKNOWN;
        }
        Beginning beginning = new Beginning(length);
        try {
            body.writeTo(beginning);
        } catch (IOException e) {
            return UNKNOWN; // the client meets the same
        }
        return of(beginning.bytes());
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).contains("json");
    }

    boolean isKnown() {
        return text.length > 0;
    }

    /** The {@code model} that it names within its first 64 KB; empty if it names none. */
    String model() {
        return isKnown() ? Reading.modelIn(text) : "";
    }

    /** Adds what it sends. Of a text that is broken or too long it is what comes before. */
    void addTo(PromptText prompt) {
        if (isKnown()) {
            Reading.promptIn(text, prompt);
        }
    }

    /** Keeps the beginning of what is written. */
    private static final class Beginning extends OutputStream {

        private static final int USUAL = 4096;

        private byte[] kept;
        private int size;

        Beginning(long length) {
            this.kept = new byte[length < 0 ? USUAL : (int) Math.min(LONGEST, length)];
        }

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            int wanted = Math.min(length, LONGEST - size);
            if (size + wanted > kept.length) {
                kept = Arrays.copyOf(kept, Math.min(LONGEST, Math.max(2 * kept.length, size + wanted)));
            }
            System.arraycopy(bytes, offset, kept, size, wanted);
            size += wanted;
        }

        byte[] bytes() {
            return size == kept.length ? kept : Arrays.copyOf(kept, size);
        }
    }

    /** Apart from the rest, since Jackson may be absent. */
    private static final class Reading {

        private static final JsonFactory JSON = new JsonFactory();

        /** Who names the model names it among the first things. */
        private static final int FURTHEST_MODEL = 64 * 1024;

        /** Of what stands in a prompt, that which the model does not read, and what is no text. */
        private static final Set<String> UNREAD = Set.of(
                "role",
                "type",
                "id",
                "tool_call_id",
                "tool_use_id",
                "call_id",
                "status",
                "detail",
                "url",
                "image_url",
                "file_id",
                "file_data",
                "data",
                "media_type",
                "encrypted_content",
                "signature");

        private static final Set<String> IMAGES = Set.of("image", "image_url", "input_image");

        private Reading() {}

        static String modelIn(byte[] request) {
            int length = Math.min(request.length, FURTHEST_MODEL);
            try (JsonParser tokens = JSON.createParser(ObjectReadContext.empty(), request, 0, length)) {
                tokens.nextToken();
                while (tokens.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean isModel = "model".equals(tokens.currentName());
                    if (tokens.nextToken() == JsonToken.VALUE_STRING && isModel) {
                        return tokens.getString();
                    }
                    tokens.skipChildren();
                }
            } catch (JacksonException e) {
                return "";
            }
            return "";
        }

        static void promptIn(byte[] request, PromptText prompt) {
            int length = Math.min(request.length, LONGEST);
            try (JsonParser tokens = JSON.createParser(ObjectReadContext.empty(), request, 0, length)) {
                tokens.nextToken();
                while (tokens.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = tokens.currentName();
                    tokens.nextToken();
                    part(name, tokens, prompt);
                }
            } catch (JacksonException e) {
                return; // what was read counts
            }
        }

        private static void part(String name, JsonParser tokens, PromptText prompt) {
            switch (name) {
                case "messages", "input", "system", "instructions", "prompt", "query" -> said(tokens, prompt, false);
                case "tools", "functions", "response_format", "text" -> said(tokens, prompt, true);
                case "max_tokens", "max_completion_tokens", "max_output_tokens" -> prompt.mostOutput(number(tokens));
                case "n" -> prompt.answers(number(tokens));
                default -> tokens.skipChildren();
            }
        }

        /** What cannot be a number of tokens is 0. */
        private static long number(JsonParser tokens) {
            boolean plausible = tokens.currentToken() == JsonToken.VALUE_NUMBER_INT && tokens.getStringLength() <= 18;
            long number = plausible ? tokens.getLongValue() : 0;
            tokens.skipChildren();
            return number;
        }

        /**
         * A value with all that is in it.
         *
         * @param described whether its names are read as well
         */
        private static void said(JsonParser tokens, PromptText prompt, boolean described) {
            int depth = 0;
            do {
                JsonToken token = tokens.currentToken();
                if (token == JsonToken.PROPERTY_NAME && described) {
                    prompt.add(tokens.currentName());
                } else if (token == JsonToken.VALUE_STRING) {
                    string(tokens, prompt, described);
                } else if (token == JsonToken.VALUE_NUMBER_INT && !described) {
                    prompt.token(); // embeddings take tokens as well as texts
                } else if (token.isStructStart()) {
                    depth++;
                    if (token == JsonToken.START_OBJECT && depth == 2) {
                        prompt.message();
                    }
                } else if (token.isStructEnd()) {
                    depth--;
                }
            } while (depth > 0 && tokens.nextToken() != null);
        }

        private static void string(JsonParser tokens, PromptText prompt, boolean described) {
            String name = tokens.currentName();
            if (described || name == null || !UNREAD.contains(name)) {
                prompt.add(tokens.getString());
            } else if (name.equals("type") && IMAGES.contains(tokens.getString())) {
                prompt.image();
            }
        }
    }
}
