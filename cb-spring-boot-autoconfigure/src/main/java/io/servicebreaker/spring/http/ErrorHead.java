package io.servicebreaker.spring.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * The body of an error, of which the beginning is read before anybody decides who gets it, and the rest is left where it
 * is. Its signals come one after the other; {@link #body} or {@link #release} is called once, when it has been told.
 */
final class ErrorHead extends BaseSubscriber<DataBuffer> {

    private final MonoSink<ErrorHead> sink;
    private final Queue<DataBuffer> pieces = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private final Sinks.Many<DataBuffer> rest = Sinks.many().unicast().onBackpressureBuffer();
    private boolean told;
    /** Set before the pieces are released, and read after one is added: one of the two sees the other. */
    private volatile boolean released;

    private ErrorHead(MonoSink<ErrorHead> sink) {
        this.sink = sink;
    }

    /** Reads the beginning; a body that breaks off has that much of it. */
    static Mono<ErrorHead> of(Flux<DataBuffer> body) {
        return Mono.create(sink -> {
            ErrorHead head = new ErrorHead(sink);
            sink.onCancel(head::release);
            body.contextWrite(sink.contextView()).subscribe(head);
        });
    }

    /** As much as is judged. */
    byte[] beginning() {
        return beginning.toByteArray();
    }

    /** All of it. */
    Flux<DataBuffer> body() {
        return Flux.concat(begun(), rest.asFlux().doOnRequest(this::request)).doOnCancel(this::release);
    }

    private Flux<DataBuffer> begun() {
        return Flux.generate(next -> {
            DataBuffer piece = pieces.poll();
            if (piece == null) {
                next.complete();
            } else {
                next.next(piece);
            }
        });
    }

    /** Nobody reads it, or not to its end. */
    void release() {
        released = true;
        cancel();
        releasePieces();
    }

    private void releasePieces() {
        for (DataBuffer piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            DataBufferUtils.release(piece);
        }
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(1);
    }

    @Override
    protected void hookOnNext(DataBuffer piece) {
        if (told) {
            if (rest.tryEmitNext(piece).isFailure()) {
                DataBufferUtils.release(piece); // the client does not want it any more
            }
            return;
        }
        try (DataBuffer.ByteBufferIterator parts = piece.readableByteBuffers()) {
            parts.forEachRemaining(this::copy);
        }
        pieces.add(piece);
        if (released) {
            releasePieces();
            return;
        }
        if (beginning.size() < ErrorBody.LONGEST) {
            request(1);
        } else {
            tell();
        }
    }

    private void copy(ByteBuffer part) {
        byte[] copy = new byte[Math.min(part.remaining(), ErrorBody.LONGEST - beginning.size())];
        part.get(copy);
        beginning.writeBytes(copy);
    }

    @Override
    protected void hookOnComplete() {
        rest.tryEmitComplete();
        tell();
    }

    @Override
    protected void hookOnError(Throwable error) {
        rest.tryEmitError(error);
        tell();
    }

    private void tell() {
        if (!told) {
            told = true;
            sink.success(this);
        }
    }
}
