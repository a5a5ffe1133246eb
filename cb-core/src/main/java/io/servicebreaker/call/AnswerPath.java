package io.servicebreaker.call;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The way on which an answer is found: who was asked, who answered, and whether that was a fallback. Safe for use by many
 * threads.
 *
 * <p>Whoever wants to know opens one around the call, on the thread that makes it:
 *
 * <pre>{@code
 * try (AnswerPath path = AnswerPath.open()) {
 *     String answer = assistant.answer(question);
 *     return new Reply(answer, path.isDegraded(), path.steps());
 * }
 * }</pre>
 *
 * <p>Where subscriptions change threads, a Reactor context and Micrometer's context propagation carry it as {@link #KEY}.
 * A ladder of fallbacks makes one for itself when its first call does not answer; who asks nobody else and is not
 * watched has none.
 */
public final class AnswerPath implements AutoCloseable {

    /** Name of the path in contexts. */
    public static final String KEY = "io.servicebreaker.answer";

    /** A path that is never closed must not keep a step for each call of its thread. */
    private static final int MOST_STEPS = 100;

    private static final ThreadLocal<@Nullable AnswerPath> PATH = new ThreadLocal<>();

    private final Way way;
    private final int from;
    private final int depth;
    private final @Nullable End end;
    private final @Nullable AnswerPath around;

    private AnswerPath(Way way, int from, int depth, @Nullable End end, @Nullable AnswerPath around) {
        this.way = way;
        this.from = from;
        this.depth = depth;
        this.end = end;
        this.around = around;
    }

    /** A path that no thread is on, to be put into a Reactor context as {@link #KEY}. */
    public static AnswerPath create() {
        return new AnswerPath(new Way(), 0, 0, null, null);
    }

    /** Opens a path for this thread, to be closed on it. Within another path it shows what happens from now on. */
    public static AnswerPath open() {
        AnswerPath around = PATH.get();
        AnswerPath path = around == null
                ? create()
                : new AnswerPath(around.way, around.way.steps.size(), around.depth, around.end, around);
        PATH.set(path);
        return path;
    }

    /** Leaves the path. What it tells stays. */
    @Override
    public void close() {
        PATH.set(around);
    }

    /** The path that this thread is on, or null if nobody follows one. */
    public static @Nullable AnswerPath current() {
        return PATH.get();
    }

    /**
     * Goes on a path; to be followed by {@link #leave} on the same thread, whatever happens.
     *
     * @return what {@link #leave} needs
     */
    public static @Nullable AnswerPath enter(@Nullable AnswerPath path) {
        AnswerPath before = PATH.get();
        PATH.set(path);
        return before;
    }

    /**
     * Leaves a path.
     *
     * @param before what {@link #enter} returned
     */
    public static void leave(@Nullable AnswerPath before) {
        PATH.set(before);
    }

    /** Who was asked, in the order in which that ended; at most the first hundred. */
    public List<AnswerStep> steps() {
        List<AnswerStep> steps = List.copyOf(way.steps);
        return steps.subList(Math.min(from, steps.size()), steps.size());
    }

    /** The service, or the fallback method that called none, that answered last. */
    public Optional<String> answeredBy() {
        return answer().map(AnswerStep::by);
    }

    /** Whether the last answer is one of a fallback. */
    public boolean isDegraded() {
        return answer().map(AnswerStep::fallback).orElse(false);
    }

    /** Whether the last that was asked looked something up that is not there. */
    public boolean isMissed() {
        List<AnswerStep> steps = steps();
        return !steps.isEmpty() && steps.get(steps.size() - 1).result() == AnswerStep.Result.MISSED;
    }

    /** How far the last answer is to be trusted, from 0 to 1, if its method tells. */
    public OptionalDouble confidence() {
        double last = way.confidence;
        return Double.isNaN(last) ? OptionalDouble.empty() : OptionalDouble.of(last);
    }

    private Optional<AnswerStep> answer() {
        return steps().stream()
                .filter(step -> step.result() == AnswerStep.Result.ANSWERED)
                .reduce((earlier, later) -> later);
    }

    /** Names the way, also among those of other instances. */
    public String id() {
        return way.id;
    }

    /** How many times somebody else was asked to get here: 0 before the first fallback. */
    public int depth() {
        return depth;
    }

    /** Counts from 1 who was asked instead of another on this way. */
    public int nextHop() {
        return way.hops.incrementAndGet();
    }

    /** Where the fallbacks of a call go on that has ended without an answer. What is left of its deadline holds for them. */
    public static AnswerPath below(OngoingCall call) {
        CallRequest request = call.request();
        AnswerPath path = request.path();
        if (path == null) {
            path = create();
            Outcome outcome = call.failure();
            path.ended(
                    request, outcome == null ? Outcome.failure(FailureCause.UNKNOWN) : outcome, call.durationNanos());
        }
        return path.deeper(call.begunNanos() == OngoingCall.UNKNOWN_START ? null : endOf(request, call.begunNanos()));
    }

    /**
     * Where the fallbacks of a refused call go on.
     *
     * @param request what was refused, as its caller asked
     * @param nowNanos the time of the refusal, on the clock of the orchestrator
     */
    public static AnswerPath below(CallRequest request, CallRejectedException refusal, long nowNanos) {
        AnswerPath path = PATH.get();
        if (path == null) {
            path = create();
            path.add(AnswerStep.refused(request, refusal.reason(), refusal.retryAfter()));
        }
        return path.deeper(endOf(request, nowNanos));
    }

    private AnswerPath deeper(@Nullable End own) {
        End nearest = own == null || (end != null && end.isBefore(own)) ? end : own;
        return new AnswerPath(way, way.steps.size(), depth + 1, nearest, null);
    }

    private static @Nullable End endOf(CallRequest request, long begunNanos) {
        Duration deadline = request.deadlineOrNull();
        return deadline == null ? null : End.after(deadline, begunNanos);
    }

    /** What a call on this path asks for. */
    CallRequest asked(CallRequest request, long nowNanos) {
        return request.on(this, end == null ? null : end.left(nowNanos));
    }

    void ended(CallRequest request, Outcome outcome, long nanos) {
        add(AnswerStep.ended(request, outcome, nanos));
    }

    void refused(CallRequest request, Rejection rejection) {
        add(AnswerStep.refused(request, rejection.reason(), rejection.retryAfter()));
    }

    /**
     * A fallback method has answered, or nothing did instead of a service that was not called.
     *
     * @param by the method, or the service
     */
    public void answered(String by, AnswerStep.Result result, Duration latency) {
        add(new AnswerStep(by, result, null, depth > 0, latency, null));
    }

    /**
     * The method of the last answer has told how far it is to be trusted.
     *
     * @param confidence from 0 to 1
     */
    public void graded(double confidence) {
        way.confidence = confidence;
    }

    private void add(AnswerStep step) {
        way.confidence = Double.NaN;
        if (way.steps.size() < MOST_STEPS) {
            way.steps.add(step);
        }
    }

    /** What all that happens on one way has in common. */
    private static final class Way {

        private static final String PROCESS = UUID.randomUUID().toString().substring(0, 13);
        private static final int RADIX = 36;

        /** Has eight digits, as those that follow will: later ids of a process are also larger texts. */
        private static final AtomicLong WAYS = new AtomicLong(Long.parseLong("10000000", RADIX));

        final String id = PROCESS + "-" + Long.toString(WAYS.incrementAndGet(), RADIX);
        final List<AnswerStep> steps = new CopyOnWriteArrayList<>();
        final AtomicInteger hops = new AtomicInteger();
        volatile double confidence = Double.NaN;
    }

    /** The time after which nothing more is begun, on the clock of the orchestrator, which may turn over. */
    private record End(long nanos) {

        private static final Duration LONGEST = Duration.ofDays(365);

        static End after(Duration time, long begun) {
            return new End(begun + (time.compareTo(LONGEST) > 0 ? LONGEST : time).toNanos());
        }

        boolean isBefore(End other) {
            return nanos - other.nanos < 0;
        }

        Duration left(long now) {
            return Duration.ofNanos(nanos - now);
        }
    }
}
