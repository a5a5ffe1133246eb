package io.servicebreaker.spring.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that answers over HTTP as it is told to. */
final class Provider implements AutoCloseable {

    /** How an answer ends. */
    enum End {
        PROPER,
        CUT,
        NEVER,
        /** Never begins. */
        SILENT
    }

    /** One answer. */
    record Answer(int status, String type, String body, Map<String, String> headers, boolean chunked, End end) {

        static Answer json(int status, String body) {
            return new Answer(status, "application/json", body, Map.of(), false, End.PROPER);
        }

        static Answer stream(String body) {
            return new Answer(200, "text/event-stream", body, Map.of(), true, End.PROPER);
        }

        Answer with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Answer(status, type, body, more, chunked, end);
        }

        Answer ending(End other) {
            return new Answer(status, type, body, headers, true, other);
        }
    }

    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile List<Answer> answers = List.of(Answer.json(200, "{}"));

    Provider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** From now on it gives these answers one after the other, and the last for ever. */
    void answers(Answer... next) {
        answers = List.of(next);
        requests.set(0);
    }

    /** How many requests have come since it was told what to answer. */
    int requests() {
        return requests.get();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Answer answer = answers.get(Math.min(requests.getAndIncrement(), answers.size() - 1));
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        long length = body.length == 0 ? -1 : body.length;
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
            exchange.close();
            return;
        }
        if (answer.end() == End.SILENT) {
            end(exchange, End.SILENT);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.chunked() ? 0 : length);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
        end(exchange, answer.end());
    }

    private void end(HttpExchange exchange, End end) throws IOException {
        switch (end) {
            case PROPER -> exchange.close();
            case CUT -> throw new IOException("cut"); // the server closes the connection
            case NEVER, SILENT -> {
                try {
                    closing.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
