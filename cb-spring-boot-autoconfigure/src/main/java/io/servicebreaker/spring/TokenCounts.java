package io.servicebreaker.spring;

import io.servicebreaker.call.Usage;
import org.jspecify.annotations.Nullable;

/** The tokens that an answer names, in whichever way; what is named again replaces what was named before. */
final class TokenCounts {

    private static final int UNKNOWN = -1;

    private int input = UNKNOWN;
    private int output = UNKNOWN;
    private int cached = UNKNOWN;
    private int readFromCache = UNKNOWN;
    private int writtenToCache = UNKNOWN;
    /** Whether the input is told as OpenAI's chat tells it, which includes what was cached. */
    private boolean inputIsAll;

    void count(String name, int tokens) {
        switch (name) {
            case "prompt_tokens" -> {
                input = tokens;
                inputIsAll = true;
            }
            case "input_tokens" -> input = tokens;
            case "completion_tokens", "output_tokens" -> output = tokens;
            case "cache_read_input_tokens" -> readFromCache = tokens;
            case "cache_creation_input_tokens" -> writtenToCache = tokens;
            default -> {}
        }
    }

    void countDetail(String name, int tokens) {
        if (name.equals("cached_tokens")) {
            cached = tokens;
            inputIsAll = true;
        }
    }

    /** With the number of searches; null if nothing, or nothing but zeros, was told. */
    @Nullable
    Usage usage(int searches) {
        long all = (long) Math.max(0, input)
                + (inputIsAll ? 0 : (long) Math.max(0, readFromCache) + Math.max(0, writtenToCache));
        int sent = (int) Math.min(Integer.MAX_VALUE, all);
        int generated = Math.max(0, output);
        int fromCache = Math.max(0, cached == UNKNOWN ? readFromCache : cached);
        return sent == 0 && generated == 0 && searches == 0
                ? null
                : new Usage(sent, generated, Math.min(sent, fromCache), searches);
    }
}
