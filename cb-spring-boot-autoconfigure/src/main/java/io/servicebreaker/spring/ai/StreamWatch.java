package io.servicebreaker.spring.ai;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.CutStreamException;
import java.util.function.Function;
import org.springframework.ai.chat.client.ChatClientResponse;
import reactor.core.publisher.Flux;

/** Ends a call as its stream of answers ends. The signals of a stream come one after the other. */
final class StreamWatch {

    private final OngoingCall call;
    private CallReport report = CallReport.EMPTY;
    private boolean finished;

    StreamWatch(OngoingCall call) {
        this.call = call;
    }

    /** The stream of the call, watched. */
    Flux<ChatClientResponse> over(Function<OngoingCall, Flux<ChatClientResponse>> stream) {
        Flux<ChatClientResponse> source;
        try {
            source = stream.apply(call);
        } catch (RuntimeException | Error e) {
            call.failed(e);
            throw e;
        }
        return source.doOnNext(this::arrived)
                .doOnComplete(this::completed)
                .doOnError(error -> call.failed(error, report))
                .doOnCancel(call::cancelled);
    }

    private void arrived(ChatClientResponse piece) {
        if (ChatReport.hasContent(piece)) {
            call.answering();
        }
        finished |= ChatReport.isFinished(piece);
        report = ChatReport.of(piece).or(report);
    }

    private void completed() {
        if (finished) {
            call.succeeded(report);
        } else {
            call.failed(new CutStreamException(), report);
        }
    }
}
