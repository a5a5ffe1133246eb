package io.servicebreaker.spring.ai;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.CutStreamException;
import io.servicebreaker.spring.StreamLimits;
import io.servicebreaker.spring.TimedFlux;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.springframework.ai.chat.client.ChatClientResponse;
import reactor.core.publisher.Flux;

/** Ends a call as its stream of answers ends. The signals of a stream come one after the other. */
final class StreamWatch {

    private final OngoingCall call;
    private final StreamLimits limits;
    private final AtomicBoolean tellsReasons;
    private final InternalFaults faults;
    private volatile CallReport report = CallReport.EMPTY;
    private volatile boolean finished;

    /**
     * A watch over one stream.
     *
     * @param tellsReasons whether the model says at the end why it stops, so that a stream without that was cut; learned
     *     here
     */
    StreamWatch(OngoingCall call, StreamLimits limits, AtomicBoolean tellsReasons, InternalFaults faults) {
        this.call = call;
        this.limits = limits;
        this.tellsReasons = tellsReasons;
        this.faults = faults;
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
        return TimedFlux.of(source, limits, this::isContent)
                .doOnNext(this::arrived)
                .doOnComplete(this::completed)
                .doOnError(error -> call.failed(error, ChatReport.of(report, call)))
                .doOnCancel(this::cancelled);
    }

    private boolean isContent(ChatClientResponse piece) {
        try {
            return ChatReport.hasContent(piece);
        } catch (RuntimeException | Error e) {
            faults.record("piece of a stream of Spring AI", e);
            return false;
        }
    }

    private void arrived(ChatClientResponse piece) {
        if (isContent(piece)) {
            call.answering();
        }
        report = ChatReport.of(piece, faults).or(report);
        try {
            if (ChatReport.isFinished(piece)) {
                finished = true;
                tellsReasons.set(true);
            }
        } catch (RuntimeException | Error e) {
            faults.record("piece of a stream of Spring AI", e);
        }
    }

    private void completed() {
        if (finished || !tellsReasons.get()) {
            call.succeeded(ChatReport.of(report, call));
        } else {
            call.failed(new CutStreamException(), ChatReport.of(report, call));
        }
    }

    private void cancelled() {
        if (finished) {
            call.succeeded(ChatReport.of(report, call));
        } else {
            call.cancelled();
        }
    }
}
