package io.servicebreaker.sample.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends answers to one client, at the pace of a provider. */
final class Connection {

    private static final String KEEP_ALIVE = ": keep-alive\n\n";
    private static final int KEEP_ALIVES = 30;

    private final HttpExchange http;
    private final Traffic traffic;
    private final Pause pause;

    Connection(HttpExchange http, Traffic traffic, Pause pause) {
        this.http = http;
        this.traffic = traffic;
        this.pause = pause;
    }

    /** Sends all of the answer so that it is complete, or cut if it is to be, after the given time. */
    void send(Answer answer, Duration latency) throws IOException {
        if (answer.streamed()) {
            stream(answer, latency);
            if (answer.cut()) {
                throw new ConnectionCutException("the answer breaks off");
            }
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

    private void append(String frame) throws IOException {
        OutputStream body = http.getResponseBody();
        body.write(bytes(frame));
        body.flush();
    }

    /** Says nothing for a while, then ends the connection without a farewell. */
    void hang(Duration limit) throws IOException {
        await(limit);
        throw new ConnectionCutException("silence for " + limit);
    }

    /** Ends the connection before a byte of the answer. */
    void cut(Duration latency) throws IOException {
        await(latency);
        throw new ConnectionCutException("no answer");
    }

    /** Begins the stream and sends nothing but comments for a while, then ends the connection without a farewell. */
    void keepAlive(Answer answer, Duration limit) throws IOException {
        sendHeaders(answer, 0);
        for (int i = 0; i < KEEP_ALIVES; i++) {
            append(KEEP_ALIVE);
            await(limit.dividedBy(KEEP_ALIVES));
        }
        throw new ConnectionCutException("nothing but comments for " + limit);
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
