package io.servicebreaker.sample.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Serves the requests to one provider. */
final class ProviderHandler implements HttpHandler {

    private final SimulatedProvider provider;
    private final Pause pause;
    private final Duration hangLimit;

    ProviderHandler(SimulatedProvider provider, Pause pause, Duration hangLimit) {
        this.provider = provider;
        this.pause = pause;
        this.hangLimit = hangLimit;
    }

    @Override
    public void handle(HttpExchange http) throws IOException {
        Request request = Request.read(http, provider.name());
        Connection connection = new Connection(http, provider.traffic(), pause);
        provider.traffic().arrived();
        Answer refusal = provider.api().refusal(request);
        if (refusal != null) {
            connection.send(refusal, Duration.ZERO);
            return;
        }
        Fate fate = provider.api().canFail(request) ? provider.nextFate() : Fate.success(Duration.ZERO);
        respond(connection, provider.api().answer(request, fate), fate);
    }

    private void respond(Connection connection, Answer answer, Fate fate) throws IOException {
        switch (fate.fault()) {
            case TIMEOUT -> connection.hang(hangLimit);
            case STREAM_STALL -> {
                connection.stream(answer.beginning(), fate.latency());
                connection.hang(hangLimit);
            }
            case STREAM_ERROR -> {
                connection.stream(answer.beginning(), fate.latency());
                breakOff(connection, answer.streamed() ? provider.api().streamError() : null);
            }
            case MALFORMED -> connection.send(answer.cutShort(), fate.latency());
            default -> connection.send(answer, fate.latency());
        }
    }

    private static void breakOff(Connection connection, @Nullable String error) throws IOException {
        if (error == null) {
            throw new ConnectionCutException("stream error");
        }
        connection.append(error);
        connection.end();
    }
}
