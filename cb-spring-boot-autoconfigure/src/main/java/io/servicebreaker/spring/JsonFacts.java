package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What the JSON texts of an answer say: model, tokens, searches and cost of the whole, and, until it is cleared, what the last of
 * them is. Nothing of its content is kept.
 */
final class JsonFacts {

    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_MESSAGE = 1024;
    private static final int LONGEST_NUMBER = 32;

    private @Nullable String model;
    private TokenCounts tokens = new TokenCounts();
    private SearchCount searches = new SearchCount();
    private @Nullable BigDecimal cost;

    private String type = "";
    private boolean chatChunk;
    private boolean finished;
    private boolean content;
    private boolean error;
    private ErrorWords inner = ErrorWords.NONE;
    private ErrorWords outer = ErrorWords.NONE;

    /** A value that is neither an object nor an array. */
    void value(JsonSection section, String name, JsonToken token, JsonParser parser) {
        switch (section) {
            case ANSWER -> {
                answer(name, token, parser);
                outer = name.equals("type") ? outer : with(outer, name, token, parser);
            }
            case WITHIN -> modelNamed(name, token, parser);
            case USAGE -> {
                tokens.count(name, count(token, parser));
                searches.told(name, count(token, parser));
            }
            case USAGE_DETAILS -> tokens.countDetail(name, count(token, parser));
            case SERVER_TOOLS -> searches.told(name, count(token, parser));
            case OUTPUT_ITEM, ACTION -> searchCall(section, name, token, parser);
            case COST -> costOf(name, token, parser);
            case ERROR -> {
                error |= token != JsonToken.VALUE_NULL;
                inner = with(inner, name, token, parser);
            }
            case ERROR_DETAILS ->
                inner = name.equals("error_code") ? inner.detailed(text(token, parser, LONGEST_NAME)) : inner;
            case CHOICE -> finished |= name.equals("finish_reason") && token == JsonToken.VALUE_STRING;
            case DELTA -> content |= !name.equals("role") && says(token, parser);
            default -> {}
        }
    }

    private void searchCall(JsonSection section, String name, JsonToken token, JsonParser parser) {
        if (name.equals("type")) {
            String kind = text(token, parser, LONGEST_NAME);
            searches.type(section == JsonSection.ACTION, kind == null ? "" : kind);
        }
    }

    /** An object or an array begins, which is a section, within another. */
    void structure(JsonSection within, JsonSection begun) {
        content |= within == JsonSection.DELTA;
        if (begun == JsonSection.OUTPUT) {
            searches.listBegins();
        } else if (begun == JsonSection.OUTPUT_ITEM) {
            searches.itemBegins();
        }
    }

    private void answer(String name, JsonToken token, JsonParser parser) {
        String text = text(token, parser, LONGEST_NAME);
        switch (name) {
            case "type" -> type = text == null ? "" : text;
            case "object" -> chatChunk = "chat.completion.chunk".equals(text);
            case "error" -> error |= says(token, parser) && token == JsonToken.VALUE_STRING;
            default -> modelNamed(name, token, parser);
        }
    }

    private void modelNamed(String name, JsonToken token, JsonParser parser) {
        if (name.equals("model")) {
            String text = text(token, parser, LONGEST_NAME);
            model = text == null ? model : text;
        }
    }

    private void costOf(String name, JsonToken token, JsonParser parser) {
        if (!name.equals("total_cost") || !token.isNumeric() || parser.getStringLength() > LONGEST_NUMBER) {
            return;
        }
        BigDecimal price = new BigDecimal(parser.getString());
        boolean reasonable = price.signum() > 0 && Math.abs(price.scale()) <= LONGEST_NUMBER;
        cost = reasonable ? price : cost;
    }

    private static ErrorWords with(ErrorWords known, String name, JsonToken token, JsonParser parser) {
        return switch (name) {
            case "code" -> known.code(code(token, parser));
            case "type" -> known.type(text(token, parser, LONGEST_NAME));
            case "message", "detail", "error" -> known.message(message(token, parser));
            default -> known;
        };
    }

    private static @Nullable String code(JsonToken token, JsonParser parser) {
        return token == JsonToken.VALUE_NUMBER_INT && parser.getStringLength() <= LONGEST_NUMBER
                ? parser.getString()
                : text(token, parser, LONGEST_NAME);
    }

    private static @Nullable String message(JsonToken token, JsonParser parser) {
        String text = text(token, parser, Integer.MAX_VALUE);
        return text == null ? null : text.substring(0, Math.min(text.length(), LONGEST_MESSAGE));
    }

    private static @Nullable String text(JsonToken token, JsonParser parser, int longest) {
        if (token != JsonToken.VALUE_STRING || parser.getStringLength() > longest) {
            return null;
        }
        String text = parser.getString();
        return text.isBlank() ? null : text;
    }

    /** Negative if it is none. */
    private static int count(JsonToken token, JsonParser parser) {
        return token == JsonToken.VALUE_NUMBER_INT && parser.getStringLength() <= 18
                ? (int) Math.max(-1, Math.min(Integer.MAX_VALUE, parser.getLongValue()))
                : -1;
    }

    private static boolean says(JsonToken token, JsonParser parser) {
        return token.isNumeric()
                || token.isBoolean()
                || (token == JsonToken.VALUE_STRING && parser.getStringLength() > 0);
    }

    CallReport report() {
        CallReport report = CallReport.EMPTY;
        Usage usage = tokens.usage(searches.count());
        report = model == null ? report : report.model(model);
        report = usage == null ? report : report.usage(usage);
        return cost == null ? report : report.cost(cost);
    }

    void clearReport() {
        model = null;
        tokens = new TokenCounts();
        searches = new SearchCount();
        cost = null;
    }

    void clearPiece() {
        type = "";
        chatChunk = false;
        finished = false;
        content = false;
        error = false;
        inner = ErrorWords.NONE;
        outer = ErrorWords.NONE;
    }

    String type() {
        return type;
    }

    boolean isChatChunk() {
        return chatChunk;
    }

    /** Whether it names the reason for which a model stopped. */
    boolean finished() {
        return finished;
    }

    /** Whether a part of a chat's answer is in it. */
    boolean hasContent() {
        return content;
    }

    boolean hasError() {
        return error;
    }

    /** What stands in the error counts before what stands around it. */
    ErrorWords error() {
        return inner.equals(ErrorWords.NONE) ? outer : inner;
    }
}
