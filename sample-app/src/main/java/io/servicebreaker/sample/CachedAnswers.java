package io.servicebreaker.sample;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.servicebreaker.annotation.ServiceBreaker;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
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
    public Optional<Answer> answer(Inquiry inquiry) {
        return Optional.ofNullable(texts.getIfPresent(key(inquiry.question())))
                .map(text -> inquiry.answered("cache", text));
    }

    @ServiceBreaker(value = "cache", operation = "put")
    public void keep(Inquiry inquiry, Answer answer) {
        texts.put(key(inquiry.question()), answer.text());
    }

    private static String key(String question) {
        return question.strip().toLowerCase(Locale.ROOT);
    }
}
