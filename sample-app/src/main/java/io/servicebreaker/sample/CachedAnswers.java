package io.servicebreaker.sample;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.servicebreaker.annotation.ServiceBreaker;
import java.time.Duration;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Last rung: what was answered before. A miss is an answer with nothing in it, not a failure. */
@Component
class CachedAnswers {

    private static final int MOST_ANSWERS = 1_000;

    private final Cache<String, String> texts = Caffeine.newBuilder()
            .maximumSize(MOST_ANSWERS)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    @ServiceBreaker(value = "cache", operation = "get")
    public Answer answer(Inquiry inquiry) {
        String text = texts.getIfPresent(key(inquiry.question()));
        return inquiry.answered("cache", text == null ? "" : text);
    }

    @ServiceBreaker(value = "cache", operation = "put")
    public void keep(Inquiry inquiry, Answer answer) {
        texts.put(key(inquiry.question()), answer.text());
    }

    private static String key(String question) {
        return question.strip().toLowerCase(Locale.ROOT);
    }
}
