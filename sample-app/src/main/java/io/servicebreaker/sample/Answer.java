package io.servicebreaker.sample;

/**
 * An answer to a question.
 *
 * @param text what was answered
 * @param by the service that answered
 */
record Answer(String text, String by) {

    /** Whether there is something to read: services answer 200 with nothing, too. */
    public boolean useful() {
        return !text.isBlank();
    }
}
