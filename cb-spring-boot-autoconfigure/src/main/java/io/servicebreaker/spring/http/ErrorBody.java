package io.servicebreaker.spring.http;

import io.servicebreaker.spring.BodyReader;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;

/**
 * What an error says, judged when the client has read it, so that the client need not wait for us. Safe for use by many
 * threads.
 */
final class ErrorBody implements BodyReader {

    private static final Logger log = LoggerFactory.getLogger(ErrorBody.class);

    /** Bytes that are judged. */
    static final int LONGEST = ErrorReport.LONGEST_BODY + 1;

    private final HttpExchanges exchanges;
    private final Exchange exchange;
    private final int status;
    private final HttpHeaders headers;
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private final AtomicBoolean judged = new AtomicBoolean();

    ErrorBody(HttpExchanges exchanges, Exchange exchange, int status, HttpHeaders headers) {
        this.exchanges = exchanges;
        this.exchange = exchange;
        this.status = status;
        this.headers = headers;
    }

    /** As much of a body as is judged; less if it breaks off. */
    static byte[] beginning(InputStream body) {
        ByteArrayOutputStream beginning = new ByteArrayOutputStream();
        byte[] piece = new byte[LONGEST];
        try {
            while (beginning.size() < LONGEST) {
                int count = body.read(piece, 0, LONGEST - beginning.size());
                if (count < 0) {
                    break;
                }
                beginning.write(piece, 0, count);
            }
        } catch (IOException e) {
            log.trace("An error broke off", e); // who reads on will see
        }
        return beginning.toByteArray();
    }

    @Override
    public synchronized void read(ByteBuffer piece) {
        byte[] copy = new byte[Math.min(piece.remaining(), LONGEST - beginning.size())];
        piece.duplicate().get(copy);
        beginning.writeBytes(copy);
    }

    @Override
    public void completed() {
        judge();
    }

    @Override
    public void failed(Throwable error) {
        judge();
    }

    @Override
    public void closed() {
        judge();
    }

    /** Judges it by what has come; the first time counts. */
    private void judge() {
        if (judged.compareAndSet(false, true)) {
            exchanges.refused(exchange, status, headers, beginning());
        }
    }

    private synchronized byte[] beginning() {
        return beginning.toByteArray();
    }
}
