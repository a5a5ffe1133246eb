package io.servicebreaker.sample.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends answers to one client, at the pace of a provider. */
final class Connection {

    private final HttpExchange http;
    private final Traffic traffic;
    private final Pause pause;

    Connection(HttpExchange http, Traffic traffic, Pause pause) {
        this.http = http;
        this.traffic = traffic;
        this.pause = pause;
    }

    /** Sends all of the answer so that it is complete after the given time. */
    void send(Answer answer, Duration latency) throws IOException {
        if (answer.streamed()) {
            stream(answer, latency);
            http.getResponseBody().close();
            return;
        }
        await(latency);
        byte[] body = bytes(answer.frames().get(0));
        sendHeaders(answer, body.length);
        http.getResponseBody().write(body);
        http.getResponseBody().close();
    }

    /** Sends the frames of the answer and leaves the response open. */
    void stream(Answer answer, Duration latency) throws IOException {
        Duration step = latency.dividedBy(answer.frames().size() + 1L);
        await(step);
        sendHeaders(answer, 0);
        for (String frame : answer.frames()) {
            await(step);
            append(frame);
        }
    }

    void append(String frame) throws IOException {
        OutputStream body = http.getResponseBody();
        body.write(bytes(frame));
        body.flush();
    }

    void end() throws IOException {
        http.getResponseBody().close();
    }

    /** Says nothing for a while, then ends the connection without a farewell. */
    void hang(Duration limit) throws IOException {
        await(limit);
        throw new ConnectionCutException("silence for " + limit);
    }

    private void await(Duration duration) throws IOException {
        if (duration.compareTo(Duration.ZERO) > 0 && !pause.lasts(duration)) {
            throw new ConnectionCutException("the simulator stops");
        }
    }

    private void sendHeaders(Answer answer, long length) throws IOException {
        traffic.answered(answer.status());
        http.getResponseHeaders().set("Content-Type", answer.contentType());
        answer.headers().forEach(http.getResponseHeaders()::set);
        http.sendResponseHeaders(answer.status(), length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
