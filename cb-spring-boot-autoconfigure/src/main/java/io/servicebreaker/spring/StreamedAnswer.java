package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import java.util.Set;

/** An answer that comes in pieces, most of them JSON texts. Tells the exchange of each. */
final class StreamedAnswer {

    private static final String END_OF_CHAT = "[DONE]";
    /** Signs of life, and what comes before and after the content. */
    private static final Set<String> NO_CONTENT = Set.of(
            "ping",
            "keepalive",
            "message_start",
            "message_delta",
            "message_stop",
            "response.created",
            "response.queued",
            "response.in_progress");

    private static final Set<String> LAST = Set.of(
            "message_stop", "response.completed", "response.failed", "response.incomplete", "response.cancelled");

    private final Exchange exchange;
    private final JsonScan scan = new JsonScan();
    private final EventStream.ShortText text = new EventStream.ShortText(16);

    private boolean pieceIsJson;
    private boolean pieceIsText;

    private boolean endIsKnown;
    private boolean ended;
    private boolean refused;

    StreamedAnswer(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Some bytes of a piece. */
    void data(byte[] bytes, int from, int to) {
        int start = from;
        while (!pieceIsJson && !pieceIsText && start < to && bytes[start] <= ' ' && bytes[start] >= 0) {
            start++;
        }
        if (start == to) {
            return;
        }
        if (!pieceIsText) {
            pieceIsJson = pieceIsJson || bytes[start] == '{';
            pieceIsText = !pieceIsJson;
        }
        if (pieceIsJson) {
            scan.read(bytes, start, to);
        } else {
            text.add(bytes, start, to);
        }
    }

    /**
     * The end of a piece, which may have been empty.
     *
     * @param event the name of the event, or empty
     */
    void endOfPiece(String event) {
        if (pieceIsJson) {
            scan.finish();
            judge(scan.facts(), event);
            scan.facts().clearPiece();
        } else if (pieceIsText) {
            judge(event);
            text.clear();
        }
        pieceIsJson = false;
        pieceIsText = false;
    }

    private void judge(String event) {
        if (text.toString().startsWith(END_OF_CHAT)) {
            ended = true;
        } else if (event.equals("error")) {
            refuse(ErrorWords.NONE);
        } else if (!NO_CONTENT.contains(event)) {
            exchange.progressed();
        }
    }

    private void judge(JsonFacts facts, String event) {
        String type = facts.type().isEmpty() ? event : facts.type();
        endIsKnown |= facts.isChatChunk() || type.equals("message_start") || type.startsWith("response.");
        ended |= facts.finished() || LAST.contains(type);
        if (facts.hasError() || type.equals("error") || event.equals("error") || type.equals("response.failed")) {
            refuse(facts.error());
        } else if (facts.isChatChunk() ? facts.hasContent() : !NO_CONTENT.contains(type)) {
            exchange.progressed();
        }
    }

    /** What the call used is told before, since it may end with this. */
    private void refuse(ErrorWords words) {
        if (refused) {
            return;
        }
        refused = true;
        CallReport known = report();
        if (known != CallReport.EMPTY) {
            exchange.told(known);
            scan.facts().clearReport();
        }
        exchange.refused(words.asAnswer());
    }

    boolean isComplete() {
        return ended || refused;
    }

    boolean wasCut() {
        return endIsKnown && !isComplete();
    }

    CallReport report() {
        return scan.facts().report();
    }
}
