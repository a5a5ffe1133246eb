package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.servicebreaker.call.StreamTimeoutException;
import io.servicebreaker.provider.StreamSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.util.RaceTestUtils;
import reactor.util.context.Context;

/** What happens at the same moment on several threads. */
class TimedSubscriberTest {

    private static final int ROUNDS = 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final StreamLimits LIMITS = new StreamLimits("openai", new StreamSettings(LIMIT, LIMIT));

    private final ManualScheduler scheduler = new ManualScheduler();
    private final Watched actual = new Watched();
    private final Source source = new Source();
    private final TimedSubscriber<String> subscriber =
            new TimedSubscriber<>(actual, LIMITS, piece -> true, new ReactorClock(scheduler));

    /** What the source or the subscriber does when the time is up. */
    enum Rival {
        ELEMENT {
            @Override
            void act(TimedSubscriberTest round) {
                round.subscriber.onNext("b");
            }
        },
        ELEMENT_AND_END {
            @Override
            void act(TimedSubscriberTest round) {
                round.subscriber.onNext("b");
                round.subscriber.onComplete();
            }
        },
        END {
            @Override
            void act(TimedSubscriberTest round) {
                round.subscriber.onComplete();
            }
        },
        REQUEST {
            @Override
            void act(TimedSubscriberTest round) {
                round.subscriber.request(1);
            }
        },
        CANCELLATION {
            @Override
            void act(TimedSubscriberTest round) {
                round.subscriber.cancel();
            }
        };

        abstract void act(TimedSubscriberTest round);
    }

    @ParameterizedTest
    @EnumSource
    void signalsOneAfterTheOtherAndNothingAfterTheEnd(Rival rival) {
        int timeouts = 0;
        for (int i = 0; i < ROUNDS; i++) {
            TimedSubscriberTest round = new TimedSubscriberTest();
            round.begin(i % 2 == 0);

            RaceTestUtils.race(() -> round.pass(LIMIT), () -> rival.act(round));

            round.pass(LIMIT.multipliedBy(2));
            assertThat(round.actual.violations).as(rival.name()).isEmpty();
            assertThat(round.actual.ends()).as(rival.name()).isLessThanOrEqualTo(1);
            assertThat(round.actual.ends() == 1 || rival == Rival.CANCELLATION)
                    .as("%s: somebody hears of the end", rival)
                    .isTrue();
            assertThat(round.scheduler.isUnused()).as(rival.name()).isTrue();
            timeouts += round.actual.errors.get();
        }
        assertThat(timeouts).as("rounds that the timer won").isPositive();
    }

    @Test
    void missesNoStallWhenAnElementAndTheRequestOfTheNextCoincide() {
        for (int i = 0; i < ROUNDS; i++) {
            TimedSubscriberTest round = new TimedSubscriberTest();
            round.subscriber.onSubscribe(round.source);
            round.subscriber.request(1);

            RaceTestUtils.race(() -> round.subscriber.onNext("a"), () -> round.subscriber.request(1));
            round.pass(LIMIT);

            assertThat(round.actual.errors).as("round %d", i).hasValue(1);
        }
    }

    @Test
    void missesNoStallWhenTheTimerFindsNothingToWaitForWhileSomebodyAsks() {
        for (int i = 0; i < ROUNDS; i++) {
            TimedSubscriberTest round = new TimedSubscriberTest();
            round.subscriber.onSubscribe(round.source);
            round.subscriber.request(1);
            round.subscriber.onNext("a");
            round.subscriber.request(1);
            round.subscriber.onNext("b");

            RaceTestUtils.race(() -> round.pass(LIMIT), () -> round.subscriber.request(1));
            round.pass(LIMIT);

            assertThat(round.actual.errors).as("round %d", i).hasValue(1);
        }
    }

    @Test
    void stopsItsTimerWhenTheStreamEnds() {
        begin(true);
        assertThat(scheduler.isUnused()).isFalse();

        subscriber.onComplete();

        assertThat(scheduler.isUnused()).isTrue();
    }

    @Test
    void cancelsTheSourceOnceTheTimeIsUp() {
        begin(false);

        pass(LIMIT);

        assertThat(actual.errors).hasValue(1);
        await().untilAsserted(() -> assertThat(source.cancellations).hasValue(1));
    }

    @Test
    void doesNotWaitForTheSourceThatIsCancelled() {
        CountDownLatch closed = new CountDownLatch(1);
        source.onCancel = () -> awaitUninterruptibly(closed);
        begin(false);

        pass(LIMIT);

        assertThat(actual.errors).hasValue(1);
        closed.countDown();
    }

    @Test
    void discardsWhatComesTooLate() {
        List<Object> discarded = new ArrayList<>();
        actual.context = Operators.enableOnDiscard(Context.empty(), discarded::add);
        begin(false);
        pass(LIMIT);

        subscriber.onNext("late");

        assertThat(discarded).containsExactly("late");
    }

    @Test
    void waitsForNothingOnceItsContentsAreComplete() {
        TimedSubscriber<String> last = new TimedSubscriber<>(
                actual,
                LIMITS,
                new StreamContents<>() {
                    @Override
                    public boolean isContent(String piece) {
                        return true;
                    }

                    @Override
                    public boolean areComplete() {
                        return true;
                    }
                },
                new ReactorClock(scheduler));
        last.onSubscribe(source);
        last.request(5);

        last.onNext("a");
        pass(LIMIT.multipliedBy(10));

        assertThat(actual.errors).hasValue(0);
    }

    @Test
    void acceptsAnElementThatTheSourceEmitsWhileItPassesOneOn() {
        subscriber.onSubscribe(source);
        actual.onElement = () -> {
            actual.onElement = () -> {};
            actual.isReentrant = true;
            subscriber.onNext("nested");
            actual.isReentrant = false;
        };
        subscriber.request(3);

        subscriber.onNext("a");
        pass(LIMIT.minusMillis(1));
        subscriber.onNext("b");
        pass(LIMIT);

        assertThat(actual.elements).hasValue(3);
        assertThat(actual.errors).hasValue(0); // all that was asked for has come
    }

    @Test
    void doesWithoutATimerWhileTheApplicationEnds() {
        Scheduler ended = Schedulers.newParallel("ended", 1);
        ended.dispose();
        TimedSubscriber<String> late = new TimedSubscriber<>(actual, LIMITS, piece -> true, new ReactorClock(ended));

        late.onSubscribe(source);
        late.request(1);
        late.onNext("a");
        late.onComplete();

        assertThat(actual.elements).hasValue(1);
        assertThat(actual.completions).hasValue(1);
        assertThat(actual.errors).hasValue(0);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(boolean content) {
        subscriber.onSubscribe(source);
        subscriber.request(5);
        if (content) {
            subscriber.onNext("a");
        }
    }

    private void pass(Duration duration) {
        scheduler.advance(duration);
    }

    /** Remembers what breaks the rules of streams. */
    private static final class Watched implements CoreSubscriber<String> {

        final List<String> violations = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger elements = new AtomicInteger();
        final AtomicInteger errors = new AtomicInteger();
        final AtomicInteger completions = new AtomicInteger();
        private final AtomicInteger inside = new AtomicInteger();
        volatile Runnable onElement = () -> {};
        volatile boolean isReentrant;
        volatile Context context = Context.empty();

        int ends() {
            return errors.get() + completions.get();
        }

        private void signal(Runnable effect) {
            if (inside.getAndIncrement() > 0 && !isReentrant) {
                violations.add("two signals at a time");
            }
            if (ends() > 0) {
                violations.add("a signal after the end");
            }
            effect.run();
            inside.getAndDecrement();
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {}

        @Override
        public void onNext(String element) {
            signal(() -> {
                elements.incrementAndGet();
                Thread.yield();
                onElement.run();
            });
        }

        @Override
        public void onError(Throwable failure) {
            signal(errors::incrementAndGet);
            if (!(failure instanceof StreamTimeoutException)) {
                violations.add("another error: " + failure);
            }
        }

        @Override
        public void onComplete() {
            signal(completions::incrementAndGet);
        }
    }

    private static final class Source implements Subscription {

        final AtomicInteger cancellations = new AtomicInteger();
        volatile Runnable onCancel = () -> {};

        @Override
        public void request(long count) {}

        @Override
        public void cancel() {
            onCancel.run();
            cancellations.incrementAndGet();
        }
    }
}
