package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import java.nio.charset.StandardCharsets;

/** A body of server-sent events, as the HTML standard defines them. Comments and empty events are keep-alives. */
final class EventStream implements AnswerFormat {

    private static final byte[] LINE_BREAK = {'\n'};

    /** Where in a line the next byte is. */
    private enum Place {
        NAME,
        AFTER_NAME,
        DATA,
        EVENT,
        IGNORED
    }

    private final StreamedAnswer answer;
    private final ShortText name = new ShortText(16);
    private final ShortText event = new ShortText(64);
    private Place place = Place.NAME;
    private boolean lineIsEmpty = true;
    private boolean afterReturn;
    private boolean hasData;

    EventStream(StreamedAnswer answer) {
        this.answer = answer;
    }

    @Override
    public void read(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            byte next = bytes[i];
            if (next == '\n' || next == '\r') {
                if (next == '\r' || !afterReturn) {
                    endOfLine();
                }
                afterReturn = next == '\r';
                i++;
            } else {
                afterReturn = false;
                lineIsEmpty = false;
                i = readOn(bytes, i, to);
            }
        }
    }

    /** Reads something other than the end of a line, and returns where it went to. */
    private int readOn(byte[] bytes, int from, int to) {
        switch (place) {
            case NAME -> {
                readName(bytes[from]);
                return from + 1;
            }
            case AFTER_NAME -> {
                place = fieldNamed(name.toString());
                return bytes[from] == ' ' ? from + 1 : from;
            }
            default -> {
                int end = endOfLine(bytes, from, to);
                readValue(bytes, from, end);
                return end;
            }
        }
    }

    private void readName(byte next) {
        if (next == ':') {
            place = Place.AFTER_NAME;
        } else {
            name.add(next);
        }
    }

    private Place fieldNamed(String field) {
        switch (field) {
            case "data" -> {
                if (hasData) {
                    answer.data(LINE_BREAK, 0, 1);
                }
                hasData = true;
                return Place.DATA;
            }
            case "event" -> {
                event.clear();
                return Place.EVENT;
            }
            default -> {
                return Place.IGNORED;
            }
        }
    }

    private void readValue(byte[] bytes, int from, int to) {
        if (place == Place.DATA) {
            answer.data(bytes, from, to);
        } else if (place == Place.EVENT) {
            event.add(bytes, from, to);
        }
    }

    private static int endOfLine(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && bytes[end] != '\n' && bytes[end] != '\r') {
            end++;
        }
        return end;
    }

    private void endOfLine() {
        if (lineIsEmpty) {
            endOfEvent();
        }
        name.clear();
        place = Place.NAME;
        lineIsEmpty = true;
    }

    private void endOfEvent() {
        if (hasData) {
            answer.endOfPiece(event.toString());
        }
        event.clear();
        hasData = false;
    }

    /** The standard drops an event without an empty line after it; clients of AI providers do not. */
    @Override
    public void end() {
        endOfEvent();
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

    /** A text of which the first bytes matter. */
    static final class ShortText {

        private final byte[] bytes;
        private int length;

        ShortText(int longest) {
            this.bytes = new byte[longest];
        }

        void add(byte next) {
            if (length < bytes.length) {
                bytes[length++] = next;
            }
        }

        void add(byte[] more, int from, int to) {
            int room = Math.min(bytes.length - length, to - from);
            System.arraycopy(more, from, bytes, length, room);
            length += room;
        }

        void clear() {
            length = 0;
        }

        @Override
        public String toString() {
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
    }
}
