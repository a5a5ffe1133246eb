package io.servicebreaker.spring;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The body of an answer on its way to a client that reads it, and the reader that reads along. As little safe for use by
 * many threads as any stream.
 */
public final class AnswerStream extends FilterInputStream {

    private final BodyReader reader;
    /** Bytes to come, negative if that is not known. */
    private long left;

    /** A body, of which the reader is told everything. */
    public AnswerStream(InputStream body, BodyReader reader) {
        this(body, reader, -1);
    }

    /**
     * A body, of which the reader is told everything.
     *
     * @param length after which the client does not ask for more; negative if it does not know that
     */
    public AnswerStream(InputStream body, BodyReader reader, long length) {
        super(body);
        this.reader = reader;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        reader.awaited();
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
            reader.read(ByteBuffer.wrap(bytes, offset, count));
            countDown(count);
        }
        IOException end = reader.ended();
        if (end != null) {
            throw end;
        }
        return count;
    }

    private void countDown(int count) {
        if (left > 0) {
            left = Math.max(0, left - count);
            if (left == 0) {
                reader.completed();
            }
        }
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
