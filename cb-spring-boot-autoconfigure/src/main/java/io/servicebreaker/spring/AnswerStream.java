package io.servicebreaker.spring;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer on its way to a client that reads it, and the reader that reads along. */
public final class AnswerStream extends FilterInputStream {

    private final AnswerReader reader;

    /** A body, of which the reader is told everything. */
    public AnswerStream(InputStream body, AnswerReader reader) {
        super(body);
        this.reader = reader;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count;
        try {
            count = in.read(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            reader.failed(e);
            throw e;
        }
        if (count < 0) {
            reader.completed();
        } else {
            reader.read(bytes, offset, count);
        }
        return count;
    }

    /** Reads what it skips: the reader must not miss anything. */
    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.min(8192, Math.max(0, count))];
        return skipped.length == 0 ? 0 : Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        reader.closed();
        super.close();
    }
}
