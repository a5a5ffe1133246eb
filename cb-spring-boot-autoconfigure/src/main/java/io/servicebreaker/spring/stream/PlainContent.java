package io.servicebreaker.spring.stream;

import io.servicebreaker.provider.StreamContent;
import org.springframework.core.io.buffer.DataBuffer;

/** Text and bytes of which there are any; a blank may be a token. */
final class PlainContent implements StreamContent {

    @Override
    public boolean isContent(Object element) {
        if (element instanceof CharSequence text) {
            return !text.isEmpty();
        }
        return !(element instanceof DataBuffer bytes) || bytes.readableByteCount() > 0;
    }
}
