package io.servicebreaker.call;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a call told us: HTTP status, headers, provider error code, model, usage, cost. Immutable; what the
 * provider did not say is absent.
 */
public final class CallReport {

    /** Nothing was said. */
    public static final CallReport EMPTY = new CallReport(0, Map.of(), null, null, null, null, null, null);

    private static final int LONGEST_MESSAGE = 1024;
    private static final int MOST_DIGITS = 1000;

    private final int status;
    private final Map<String, String> headers;
    private final @Nullable String code;
    private final @Nullable String model;
    private final @Nullable Usage usage;
    private final @Nullable BigDecimal cost;
    private final @Nullable String message;
    private final @Nullable Arrival arrival;

    private CallReport(
            int status,
            Map<String, String> headers,
            @Nullable String code,
            @Nullable String model,
            @Nullable Usage usage,
            @Nullable BigDecimal cost,
            @Nullable String message,
            @Nullable Arrival arrival) {
        this.status = status;
        this.headers = headers;
        this.code = code;
        this.model = model;
        this.usage = usage;
        this.cost = cost;
        this.message = message;
        this.arrival = arrival;
    }

    /** A report with an HTTP status, 100 to 599. */
    public static CallReport ofStatus(int status) {
        return EMPTY.status(status);
    }

    /** This report with an HTTP status, 100 to 599. */
    public CallReport status(int httpStatus) {
        if (httpStatus < 100 || httpStatus > 599) {
            throw new IllegalArgumentException("not an HTTP status: " + httpStatus);
        }
        return new CallReport(httpStatus, headers, code, model, usage, cost, message, arrival);
    }

    /** This report with one more response header; a value given before under the same name is replaced. */
    public CallReport header(String name, String value) {
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new CallReport(status, Collections.unmodifiableMap(more), code, model, usage, cost, message, arrival);
    }

    /** This report with the provider's own error code, such as {@code insufficient_quota}. */
    public CallReport code(String errorCode) {
        return new CallReport(status, headers, errorCode, model, usage, cost, message, arrival);
    }

    /** This report with the id of the model that answered. */
    public CallReport model(String modelId) {
        return new CallReport(status, headers, code, modelId, usage, cost, message, arrival);
    }

    /** This report with the tokens and searches used. */
    public CallReport usage(Usage used) {
        return new CallReport(status, headers, code, model, used, cost, message, arrival);
    }

    /**
     * This report with the price that the provider named, in the configured currency.
     *
     * @param price with at most 1,000 digits after the point or zeros before it: sums of others would fill the memory
     */
    public CallReport cost(BigDecimal price) {
        if (Math.abs((long) price.scale()) > MOST_DIGITS) {
            throw new IllegalArgumentException("not a price: its scale is " + price.scale());
        }
        return new CallReport(status, headers, code, model, usage, price, message, arrival);
    }

    /**
     * This report with what the provider's error says in words, of which the beginning is kept. It may quote the caller,
     * so it is for classification alone and goes into no log, event or outcome.
     */
    public CallReport message(String words) {
        String beginning = words.substring(0, Math.min(words.length(), LONGEST_MESSAGE));
        return new CallReport(status, headers, code, model, usage, cost, beginning, arrival);
    }

    /** This report with the times of its headers. */
    CallReport arrived(long begunNanos, long nanos) {
        return new CallReport(status, headers, code, model, usage, cost, message, new Arrival(begunNanos, nanos));
    }

    boolean hasHeaders() {
        return !headers.isEmpty();
    }

    /** This report without what the error says in words. */
    public CallReport withoutMessage() {
        return message == null ? this : new CallReport(status, headers, code, model, usage, cost, null, arrival);
    }

    /**
     * This report and, where it is silent, what another says. One that has a status speaks of an answer of its own: the
     * other's error is then another one's and left out. What calls used adds up.
     */
    CallReport after(CallReport earlier) {
        boolean answersItself = status != 0;
        return new CallReport(
                answersItself ? status : earlier.status,
                answersItself || !headers.isEmpty() ? headers : earlier.headers,
                answersItself || code != null ? code : earlier.code,
                model != null ? model : earlier.model,
                sum(usage, earlier.usage, Usage::plus),
                sum(cost, earlier.cost, BigDecimal::add),
                answersItself || message != null ? message : earlier.message,
                headers.isEmpty() ? earlier.arrival : arrival);
    }

    /** This report and, where it is silent, what another says of the same answer. */
    public CallReport or(CallReport weaker) {
        return new CallReport(
                status != 0 ? status : weaker.status,
                headers.isEmpty() ? weaker.headers : headers,
                code != null ? code : weaker.code,
                model != null ? model : weaker.model,
                usage != null ? usage.or(weaker.usage) : weaker.usage,
                cost != null ? cost : weaker.cost,
                message != null ? message : weaker.message,
                headers.isEmpty() ? weaker.arrival : arrival);
    }

    /** What it says of the calls made so far, but not of the last answer. */
    CallReport withoutAnswer() {
        return new CallReport(0, Map.of(), null, model, usage, cost, null, null);
    }

    /** This report without the price that the provider named. */
    public CallReport withoutCost() {
        return cost == null ? this : new CallReport(status, headers, code, model, usage, null, message, arrival);
    }

    /** Whether it says nothing but how the answer turned out. */
    boolean isMereVerdict() {
        return headers.isEmpty() && model == null && usage == null && cost == null;
    }

    /** What it says beside how the answer turned out. */
    CallReport withoutVerdict() {
        return status == 0 && code == null && message == null
                ? this
                : new CallReport(0, headers, null, model, usage, cost, null, arrival);
    }

    private static <T> @Nullable T sum(@Nullable T one, @Nullable T other, BinaryOperator<T> plus) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return plus.apply(one, other);
    }

    /** The HTTP status. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /** The value of a response header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The provider's own error code. */
    public Optional<String> code() {
        return Optional.ofNullable(code);
    }

    /** The id of the model that answered. */
    public Optional<String> model() {
        return Optional.ofNullable(model);
    }

    /** As {@link #model()}, or null: for calls that must not allocate. */
    public @Nullable String modelOrNull() {
        return model;
    }

    /** The tokens and searches used. */
    public Optional<Usage> usage() {
        return Optional.ofNullable(usage);
    }

    /** As {@link #usage()}, or null: for calls that must not allocate. */
    public @Nullable Usage usageOrNull() {
        return usage;
    }

    /** The price that the provider named. */
    public Optional<BigDecimal> cost() {
        return Optional.ofNullable(cost);
    }

    /** As {@link #cost()}, or null: for calls that must not allocate. */
    public @Nullable BigDecimal costOrNull() {
        return cost;
    }

    /** What the provider's error says in words. */
    public Optional<String> message() {
        return Optional.ofNullable(message);
    }

    /** When the headers arrived, if that was noted; otherwise at the end of the call. */
    public @Nullable Arrival arrival() {
        return arrival;
    }

    @Override
    public String toString() {
        return "CallReport[status=" + status + ", code=" + code + ", model=" + model + ", usage=" + usage + ", cost="
                + cost + ", headers=" + headers.keySet() + "]";
    }

    /**
     * When the headers of an answer arrived.
     *
     * @param begunNanos when the call had begun, by the {@link io.servicebreaker.time.TimeSource}
     * @param nanos when they arrived
     */
    public record Arrival(long begunNanos, long nanos) {}
}
