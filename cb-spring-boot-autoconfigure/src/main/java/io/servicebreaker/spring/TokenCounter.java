package io.servicebreaker.spring;

/** Counts the tokens of texts. Safe for use by many threads. */
@FunctionalInterface
interface TokenCounter {

    /** Four bytes are one, as is usual for most models: letters of other scripts have more bytes, and more tokens. */
    TokenCounter BY_BYTES = text -> {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            bytes += next < 0x80 ? 1 : next < 0x800 || Character.isSurrogate(next) ? 2 : 3;
        }
        return (int) ((bytes + 3) / 4);
    };

    /** How many tokens a text of some thousand characters has; at least one if it is not empty. */
    int count(String text);
}
