package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;

/** How the body of an answer is written. For one body. */
interface AnswerFormat {

    /** Of which nothing can be learned. */
    AnswerFormat UNKNOWN = new AnswerFormat() {
        @Override
        public void read(byte[] bytes, int from, int to) {}

        @Override
        public void end() {}

        @Override
        public boolean isComplete() {
            return false;
        }

        @Override
        public boolean wasCut() {
            return false;
        }

        @Override
        public CallReport report() {
            return CallReport.EMPTY;
        }
    };

    /** The next bytes, from the first index to before the last. */
    void read(byte[] bytes, int from, int to);

    /** There are no more. */
    void end();

    /** Whether nothing that matters can follow. */
    boolean isComplete();

    /** Whether it should have had another end, where that can be known. */
    boolean wasCut();

    /** Model, tokens and cost, as far as they are known. */
    CallReport report();

    /** The format of a media type in lower case. To be called with Jackson present. */
    static AnswerFormat of(String type, Exchange exchange) {
        if (type.equals("text/event-stream")) {
            return new EventStream(new StreamedAnswer(exchange));
        }
        if (isStreamed(type)) {
            return new JsonLines(new StreamedAnswer(exchange));
        }
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"))
                ? new WholeJson()
                : UNKNOWN;
    }

    /** Whether pieces of such a body are answers in themselves. */
    static boolean isStreamed(String type) {
        return switch (type) {
            case "text/event-stream", "application/x-ndjson", "application/ndjson", "application/jsonl" -> true;
            default -> false;
        };
    }
}
