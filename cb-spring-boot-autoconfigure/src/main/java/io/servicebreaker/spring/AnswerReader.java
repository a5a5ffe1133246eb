package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.InternalFaults;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Reads along while a client receives the body of an answer that is no error, and tells an {@link Exchange} what it
 * learns: model, tokens, cost, each piece of a stream, an error inside of it, and how it ended. It knows JSON, JSON lines
 * and server-sent events; of others, and without Jackson 3, only the end matters.
 *
 * <p>Contents are neither kept nor logged. Its methods never throw. The first end that it is told of decides. Pieces and
 * the end come one after the other, from whatever threads; only {@link #closed} may come at any time.
 */
public final class AnswerReader {

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", AnswerReader.class.getClassLoader());

    private final Exchange exchange;
    private final InternalFaults faults;
    private final boolean streamed;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile AnswerFormat format;

    private AnswerReader(Exchange exchange, AnswerFormat format, boolean streamed, InternalFaults faults) {
        this.exchange = exchange;
        this.format = format;
        this.streamed = streamed;
        this.faults = faults;
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

    /** A piece of the body; it may begin and end anywhere. Position and limit of the buffer stay. */
    public void read(ByteBuffer piece) {
        if (piece.hasArray()) {
            read(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        } else if (format != AnswerFormat.UNKNOWN) {
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
        try {
            format.read(bytes, offset, offset + length);
        } catch (RuntimeException | Error e) {
            giveUp(e);
        }
    }

    /** The body has ended. */
    public void completed() {
        if (!over.compareAndSet(false, true)) {
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

    /** Reading the body failed; which changes nothing if nothing that matters was to come. */
    public void failed(Throwable error) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        tell();
        if (format.isComplete()) {
            exchange.completed();
        } else {
            exchange.failed(error);
        }
    }

    /**
     * The client is no longer interested in the body. It gave up a stream, unless nothing that matters was to come; any
     * other answer was good, and just not wanted to its end.
     */
    public void closed() {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        tell();
        if (!streamed || format.isComplete()) {
            exchange.completed();
        } else {
            exchange.cancelled();
        }
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
