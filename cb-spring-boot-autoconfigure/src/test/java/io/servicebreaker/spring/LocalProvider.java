package io.servicebreaker.spring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that speaks as OpenAI does and answers what a test tells it. */
public final class LocalProvider implements AutoCloseable {

    /**
     * What it received.
     *
     * @param query as it came, without the question mark; null if there was none
     */
    public record Received(String path, String query, Map<String, List<String>> headers, String body) {}

    /**
     * What it answers.
     *
     * @param cut whether the connection breaks at the end of the body
     */
    public record Reply(int status, Map<String, String> headers, String body, boolean cut) {

        /** This reply with one more header. */
        public Reply header(String name, String value) {
            Map<String, String> more = new java.util.TreeMap<>(headers);
            more.put(name, value);
            return new Reply(status, more, body, cut);
        }

        /** What a provider of another kind, or of the future, says. */
        public static Reply json(int status, String body) {
            return new Reply(status, Map.of("Content-Type", "application/json"), body, false);
        }

        public static Reply chat() {
            return json(200, """
                            {"id":"chatcmpl-1","object":"chat.completion","created":1750000000,"model":"gpt-5-mini-2026",
                             "choices":[{"index":0,"message":{"role":"assistant","content":"Paris","refusal":null},
                              "logprobs":null,"finish_reason":"stop"}],
                             "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17,
                              "prompt_tokens_details":{"cached_tokens":3}}}
                            """).header("x-ratelimit-remaining-requests", "99");
        }

        public static Reply embedding() {
            return json(200, """
                    {"object":"list","model":"text-embedding-3-small",
                     "data":[{"object":"embedding","index":0,"embedding":[0.1,0.2]}],
                     "usage":{"prompt_tokens":4,"total_tokens":4}}
                    """);
        }

        /** An error after which clients try again soon. */
        public static Reply error(int status, String code) {
            return json(
                            status,
                            "{\"error\":{\"message\":\"no luck\",\"type\":\"" + code + "\",\"param\":null,\"code\":\""
                                    + code + "\"}}")
                    .header("retry-after-ms", "1");
        }

        /** This reply, whose connection breaks before its end. */
        public Reply broken() {
            return new Reply(status, headers, body, true);
        }

        public static Reply rateLimited(String retryAfter) {
            return json(
                            429,
                            "{\"error\":{\"message\":\"slower\",\"type\":\"requests\",\"param\":null,"
                                    + "\"code\":\"rate_limit_exceeded\"}}")
                    .header("retry-after", retryAfter);
        }

        /** A whole streamed answer. */
        public static Reply stream() {
            return events(piece("Par", null) + piece("is", null) + piece("", "stop") + usage() + "data: [DONE]\n\n");
        }

        /** A stream that ends as if it were complete, but has no end. */
        public static Reply unfinishedStream() {
            return events(piece("Par", null));
        }

        /** A stream whose connection breaks. */
        public static Reply brokenStream() {
            Reply begun = unfinishedStream();
            return new Reply(200, begun.headers(), begun.body(), true);
        }

        /** A stream in which the provider tells that it fails. */
        public static Reply streamWithError(String code) {
            return events(piece("Par", null) + "data: {\"error\":{\"message\":\"no luck\",\"type\":\"" + code
                    + "\",\"param\":null,\"code\":\"" + code + "\"}}\n\n");
        }

        private static Reply events(String body) {
            return new Reply(200, Map.of("Content-Type", "text/event-stream"), body, false);
        }

        private static String piece(String content, String finish) {
            String reason = finish == null ? "null" : "\"" + finish + "\"";
            return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1750000000,"
                    + "\"model\":\"gpt-5-mini-2026\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
                    + "\"content\":\"" + content + "\"},\"finish_reason\":" + reason + "}]}\n\n";
        }

        private static String usage() {
            return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1750000000,"
                    + "\"model\":\"gpt-5-mini-2026\",\"choices\":[],\"usage\":{\"prompt_tokens\":12,"
                    + "\"completion_tokens\":5,\"total_tokens\":17}}\n\n";
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<Reply> replies;

    /** Answers one after the other, and the last for ever. */
    public LocalProvider(Reply... replies) {
        this.replies = List.of(replies);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Begins every address of it. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** What it was asked, in this order. */
    public List<Received> received() {
        return received;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        URI asked = exchange.getRequestURI();
        received.add(
                new Received(asked.getPath(), asked.getRawQuery(), Map.copyOf(exchange.getRequestHeaders()), body));
        Reply reply = replies.get(Math.min(received.size(), replies.size()) - 1);
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        boolean streamed = reply.headers().containsValue("text/event-stream");
        exchange.sendResponseHeaders(reply.status(), reply.cut() ? bytes.length + 100 : streamed ? 0 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
