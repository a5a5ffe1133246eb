package io.servicebreaker.sample.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;

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
        Fate fate = provider.api().canFail(request) ? provider.nextFate(request) : Fate.success(Duration.ZERO);
        respond(connection, provider.api().answer(request, fate), fate);
    }

    private void respond(Connection connection, Answer answer, Fate fate) throws IOException {
        switch (fate.fault()) {
            case TIMEOUT -> connection.hang(hangLimit);
            case KEEP_ALIVE -> keepAlive(connection, answer);
            case CONNECTION_RESET -> connection.cut(fate.latency());
            case STREAM_STALL -> {
                connection.stream(answer.beginning(), fate.latency());
                connection.hang(hangLimit);
            }
            case STREAM_CUT -> connection.send(answer.streamed() ? answer.beginning() : cut(answer), fate.latency());
            case STREAM_ERROR, STREAM_ERROR_BILLED ->
                connection.send(answer.streamed() ? answer : cut(answer), fate.latency());
            case MALFORMED -> connection.send(answer.cutShort(), fate.latency());
            default -> connection.send(answer, fate.latency());
        }
    }

    private void keepAlive(Connection connection, Answer answer) throws IOException {
        if (answer.streamed()) {
            connection.keepAlive(answer, hangLimit);
        } else {
            connection.hang(hangLimit);
        }
    }

    private static Answer cut(Answer answer) {
        return answer.beginning().thenCut();
    }
}
