package io.servicebreaker.sample;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.servicebreaker.annotation.ServiceBreaker;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Last rung: what was answered before. A miss is no failure, and a cache that is not to be called has nothing. */
@Component
class CachedAnswers {

    private static final int MOST_ANSWERS = 1_000;

    private final Cache<String, String> texts = Caffeine.newBuilder()
            .maximumSize(MOST_ANSWERS)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    @ServiceBreaker(value = "cache", operation = "get")
    public @Nullable String answer(String question) {
        return texts.getIfPresent(key(question));
    }

    @ServiceBreaker(value = "cache", operation = "put")
    public void keep(String question, String answer) {
        texts.put(key(question), answer);
    }

    private static String key(String question) {
        return question.strip().toLowerCase(Locale.ROOT);
    }
}
