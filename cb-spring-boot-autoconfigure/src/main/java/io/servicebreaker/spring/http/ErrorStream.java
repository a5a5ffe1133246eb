package io.servicebreaker.spring.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The body of an error on its way to the client. As little safe for use by many threads as any stream. */
final class ErrorStream extends InputStream {

    private final InputStream body;
    private final ErrorBody error;

    ErrorStream(InputStream body, ErrorBody error) {
        this.body = body;
        this.error = error;
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
            error.judge();
            throw e;
        }
        if (count < 0) {
            error.judge();
        } else {
            error.add(ByteBuffer.wrap(bytes, offset, count));
        }
        return count;
    }

    @Override
    public int available() throws IOException {
        return body.available();
    }

    @Override
    public void close() throws IOException {
        error.judge();
        body.close();
    }
}
