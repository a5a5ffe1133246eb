package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;

/** A body with one JSON text on each line. */
final class JsonLines implements AnswerFormat {

    private final StreamedAnswer answer;

    JsonLines(StreamedAnswer answer) {
        this.answer = answer;
    }

    @Override
    public void read(byte[] bytes, int from, int to) {
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                answer.data(bytes, start, i);
                answer.endOfPiece("");
                start = i + 1;
            }
        }
        answer.data(bytes, start, to);
    }

    @Override
    public void end() {
        answer.endOfPiece("");
    }

    @Override
    public boolean isComplete() {
        return answer.isComplete();
    }

    @Override
    public boolean wasCut() {
        return answer.wasCut();
    }

    @Override
    public CallReport report() {
        return answer.report();
    }
}
