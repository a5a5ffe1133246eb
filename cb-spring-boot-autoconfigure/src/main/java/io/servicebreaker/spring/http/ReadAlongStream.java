package io.servicebreaker.spring.http;

import io.servicebreaker.spring.AnswerReader;
import java.io.IOException;
import java.io.InputStream;

/** A body of which a reader sees what the client reads. As little safe for use by many threads as any stream. */
final class ReadAlongStream extends InputStream {

    private final InputStream body;
    private final AnswerReader reader;
    /** Bytes to come, negative if that is not known. */
    private long left;

    ReadAlongStream(InputStream body, AnswerReader reader, long length) {
        this.body = body;
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
        int count;
        try {
            count = body.read(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            reader.failed(e);
            throw e;
        }
        if (count < 0) {
            reader.completed();
        } else {
            reader.read(bytes, offset, count);
            countDown(count);
        }
        return count;
    }

    /** Clients that know the length do not ask for more. */
    private void countDown(int count) {
        if (left > 0) {
            left = Math.max(0, left - count);
            if (left == 0) {
                reader.completed();
            }
        }
    }

    @Override
    public int available() throws IOException {
        return body.available();
    }

    @Override
    public void close() throws IOException {
        reader.closed();
        body.close();
    }
}
