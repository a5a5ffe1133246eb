package io.servicebreaker.spring.langchain4j;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers of an error, which the exceptions of LangChain4j do not tell; for one exchange. */
final class ErrorHead {

    private static final ThreadLocal<@Nullable ErrorHead> CURRENT = new ThreadLocal<>();

    private volatile Map<String, List<String>> headers = Map.of();

    /** That of the exchange which this thread is about to send. */
    static @Nullable ErrorHead current() {
        return CURRENT.get();
    }

    /** Makes it the current one; to be followed by {@link #leave}. */
    @Nullable
    ErrorHead enter() {
        ErrorHead outer = CURRENT.get();
        CURRENT.set(this);
        return outer;
    }

    static void leave(@Nullable ErrorHead outer) {
        CURRENT.set(outer);
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    void seen(Map<String, List<String>> all) {
        headers = all;
    }
}
