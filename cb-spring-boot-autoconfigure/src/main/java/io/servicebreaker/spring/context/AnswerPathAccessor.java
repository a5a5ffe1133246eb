package io.servicebreaker.spring.context;

import io.micrometer.context.ThreadLocalAccessor;
import io.servicebreaker.call.AnswerPath;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer's context propagation carry the path of an answer, so that fallbacks are known as such on other threads.
 * Found as a service; public for that alone.
 */
public final class AnswerPathAccessor implements ThreadLocalAccessor<AnswerPath> {

    @Override
    public Object key() {
        return AnswerPath.KEY;
    }

    @Override
    public @Nullable AnswerPath getValue() {
        return AnswerPath.current();
    }

    @Override
    public void setValue(AnswerPath path) {
        AnswerPath.leave(path);
    }

    @Override
    public void setValue() {
        AnswerPath.leave(null);
    }
}
