package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.StreamTimeoutException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Reads along while a client receives the body of an answer that is no error, and tells an {@link Exchange} what it
 * learns: model, tokens, cost, each piece of a stream, an error inside of it, and how it ended. It knows JSON, JSON lines
 * and server-sent events; of others, and without Jackson 3, only the end matters.
 *
 * <p>A stream that does not begin or go on in time has failed. Who waits for it on a thread cannot be woken, but is told
 * when something comes after all, as by {@link #ended}.
 *
 * <p>Contents are neither kept nor logged.
 */
public final class AnswerReader implements BodyReader, StreamContents<Object> {

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", AnswerReader.class.getClassLoader());

    private final Exchange exchange;
    private final InternalFaults faults;
    private final boolean streamed;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile AnswerFormat format;
    /** Of a stream that is waited for, once it is. */
    private volatile @Nullable StreamWait wait;

    private volatile @Nullable IOException timeout;

    AnswerReader(Exchange exchange, AnswerFormat format, boolean streamed, InternalFaults faults) {
        this.exchange = exchange;
        this.format = format;
        this.streamed = streamed;
        this.faults = faults;
    }

    /** Whether pieces of a body of this type are answers in themselves. */
    public static boolean isStream(String mediaType) {
        return AnswerFormat.isStreamed(mediaType(mediaType));
    }

    /**
     * A reader for an answer whose head has been reported.
     *
     * @param contentType as in the header of that name, if it was sent
     */
    public static AnswerReader of(Exchange exchange, @Nullable String contentType, InternalFaults faults) {
        String type = mediaType(contentType);
        AnswerFormat format = AnswerFormat.UNKNOWN;
        try {
            format = JACKSON ? AnswerFormat.of(type, exchange) : AnswerFormat.UNKNOWN;
        } catch (RuntimeException | Error e) {
            faults.record("answer reader", e);
        }
        return new AnswerReader(exchange, format, AnswerFormat.isStreamed(type), faults);
    }

    private static String mediaType(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    /** Whether pieces of the body are answers in themselves. */
    public boolean isStreamed() {
        return streamed;
    }

    @Override
    public void awaited() {
        if (streamed && !over.get()) {
            try {
                waiting();
            } catch (RuntimeException | Error e) {
                faults.record("wait for a stream", e);
            }
        }
    }

    private void waiting() {
        StreamWait begun = wait;
        if (begun == null) {
            StreamLimits limits = exchange.limits();
            if (!limits.exist()) {
                return;
            }
            begun = new StreamWait(limits, exchange.streamClock(), this::timedOut);
            wait = begun;
        }
        begun.await();
    }

    private void timedOut() {
        if (!over.get()) {
            StreamTimeoutException missed = Objects.requireNonNull(wait).timeout();
            timeout = new IOException(missed);
            failed(missed);
        }
    }

    @Override
    public @Nullable IOException ended() {
        return timeout;
    }

    @Override
    public void read(ByteBuffer piece) {
        if (piece.hasArray()) {
            read(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        } else if (streamed || format != AnswerFormat.UNKNOWN) {
            byte[] copy = new byte[piece.remaining()];
            piece.duplicate().get(copy);
            read(copy, 0, copy.length);
        }
    }

    /** A piece of the body; it may begin and end anywhere. The array is not kept. */
    public void read(byte[] bytes, int offset, int length) {
        if (length <= 0 || over.get()) {
            return;
        }
        StreamWait waited = wait;
        if (waited != null && !waited.pause()) {
            timedOut(); // the timer is about to say so, too
            return;
        }
        try {
            format.read(bytes, offset, offset + length);
        } catch (RuntimeException | Error e) {
            giveUp(e);
        }
        if (streamed && format == AnswerFormat.UNKNOWN) {
            exchange.progressed(); // as far as anybody knows
        }
        if (waited != null) {
            passedOn(waited);
        }
    }

    private void passedOn(StreamWait waited) {
        boolean content = exchange.hasProgressed();
        if (areComplete()) {
            waited.passedOnLast();
        } else {
            waited.passedOn(content);
        }
    }

    @Override
    public boolean isContent(Object piece) {
        return exchange.hasProgressed();
    }

    @Override
    public boolean areComplete() {
        return format.isComplete();
    }

    @Override
    public void completed() {
        if (!end()) {
            return;
        }
        boolean cut = false;
        try {
            format.end();
            cut = format.wasCut();
        } catch (RuntimeException | Error e) {
            giveUp(e);
        }
        tell();
        if (cut) {
            exchange.failed(new CutStreamException());
        } else {
            exchange.completed();
        }
    }

    /** Changes nothing if nothing that matters was to come. */
    @Override
    public void failed(Throwable error) {
        if (!end()) {
            return;
        }
        tell();
        if (format.isComplete()) {
            exchange.completed();
        } else {
            exchange.failed(error);
        }
    }

    /** A stream was given up, unless nothing that matters was to come; any other answer was good, and just not wanted. */
    @Override
    public void closed() {
        if (!end()) {
            return;
        }
        tell();
        if (!streamed || format.isComplete()) {
            exchange.completed();
        } else {
            exchange.cancelled();
        }
    }

    private boolean end() {
        boolean first = over.compareAndSet(false, true);
        StreamWait waited = wait;
        if (first && waited != null) {
            waited.end();
        }
        return first;
    }

    private void tell() {
        try {
            CallReport report = format.report();
            if (report != CallReport.EMPTY) {
                exchange.told(report);
            }
        } catch (RuntimeException | Error e) {
            giveUp(e);
        }
    }

    private void giveUp(Throwable fault) {
        format = AnswerFormat.UNKNOWN;
        faults.record("answer reader", fault);
    }
}
