package io.servicebreaker.spring.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A body whose beginning was read before the client reads it. As little safe for use by many threads as any stream. */
final class PeekedStream extends InputStream {

    private final byte[] beginning;
    private final InputStream rest;
    private final @Nullable IOException broken;
    private int position;

    private PeekedStream(byte[] beginning, InputStream rest, @Nullable IOException broken) {
        this.beginning = beginning;
        this.rest = rest;
        this.broken = broken;
    }

    /** Reads up to one byte more than the longest beginning; what goes wrong will be told to the client. */
    static PeekedStream of(InputStream body, int longest) {
        byte[] buffer = new byte[longest + 1];
        int length = 0;
        IOException broken = null;
        try {
            for (int count = 0; count >= 0 && length < buffer.length; ) {
                count = body.read(buffer, length, buffer.length - length);
                length += Math.max(0, count);
            }
        } catch (IOException e) {
            broken = e;
        }
        return new PeekedStream(Arrays.copyOf(buffer, length), body, broken);
    }

    byte[] beginning() {
        return beginning;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (position < beginning.length) {
            int count = Math.min(length, beginning.length - position);
            System.arraycopy(beginning, position, bytes, offset, count);
            position += count;
            return count;
        }
        if (broken != null) {
            throw broken;
        }
        return rest.read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        rest.close();
    }
}
