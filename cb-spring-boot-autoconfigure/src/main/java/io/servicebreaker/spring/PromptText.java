package io.servicebreaker.spring;

/**
 * What a request is about to send to a model, for the adapters of clients: the beginning of its text, and how much more
 * there is. For one request and one thread.
 */
public final class PromptText {

    /** Takes a few milliseconds to count; a longer text goes on as it begins. */
    static final int COUNTED = 8192;

    /** What providers put around each message. */
    private static final int AROUND_MESSAGE = 4;
    /** What an image of a usual size is for most models. */
    private static final int IMAGE = 1000;
    /** More than any model can write: who allows more does not mean it. */
    private static final int LONGEST_ANSWER = 1_000_000;

    private final StringBuilder beginning = new StringBuilder();
    private long characters;
    private long extra;
    private int mostOutput;
    private int answers = 1;

    /** Some of the text; what is added one after the other is not taken for one word. */
    public void add(String text) {
        if (text.isEmpty()) {
            return;
        }
        characters += text.length() + 1L;
        int room = COUNTED - beginning.length();
        if (room > 0) {
            beginning.append(text, 0, Math.min(room, text.length())).append('\n');
        }
    }

    /** A message begins. */
    public void message() {
        extra += AROUND_MESSAGE;
    }

    /** An image, whatever its size. */
    public void image() {
        extra += IMAGE;
    }

    /** Something that is a token already. */
    public void token() {
        extra++;
    }

    /** The most tokens that an answer may have; what is absurd sets no limit. */
    public void mostOutput(long tokens) {
        if (tokens > 0 && tokens <= LONGEST_ANSWER) {
            mostOutput = (int) tokens;
        }
    }

    /** How many answers are asked for. */
    void answers(long number) {
        if (number > 0 && number <= 128) {
            answers = (int) number;
        }
    }

    /** Tokens that are sent; 0 if there is nothing to be sent, as far as is known. */
    int input(TokenCounter counter) {
        long counted = beginning.isEmpty() ? 0 : counter.count(beginning.toString());
        long all = beginning.isEmpty() ? 0 : counted * Math.max(characters, beginning.length()) / beginning.length();
        return (int) Math.min(Integer.MAX_VALUE, all + extra);
    }

    /** The most tokens that all answers together may have; 0 for no limit. */
    int mostOutput() {
        return mostOutput * answers;
    }
}
