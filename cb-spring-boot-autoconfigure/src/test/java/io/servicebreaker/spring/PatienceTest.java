package io.servicebreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {

    private final AtomicLong now = new AtomicLong();
    private final Patience patience = new Patience(10, now::get);

    @Test
    void isExhaustedWhenItHasWaitedLongEnough() {
        patience.await();
        now.set(9);
        assertThat(patience.endIfExhausted()).isFalse();
        assertThat(patience.left()).isEqualTo(1);

        now.set(10);

        assertThat(patience.endIfExhausted()).isTrue();
        assertThat(patience.endIfExhausted()).isFalse();
        assertThat(patience.pause()).isFalse();
    }

    @Test
    void doesNotWaitUnlessAsked() {
        now.set(1_000);

        assertThat(patience.endIfExhausted()).isFalse();
        assertThat(patience.left()).isEqualTo(Patience.ENDLESS);
    }

    @Test
    void keepsWhatIsLeftWhileAnElementIsPassedOnAndNothingIsAwaited() {
        patience.await();
        now.set(4);
        assertThat(patience.pause()).isTrue();
        assertThat(patience.isPassingOn()).isTrue();
        now.set(100);
        patience.await();
        assertThat(patience.isPassingOn()).isTrue();
        patience.rest();
        now.set(200);

        patience.await();

        assertThat(patience.left()).isEqualTo(6);
    }

    @Test
    void isRenewed() {
        patience.await();
        now.set(4);
        patience.pause();

        patience.rest(50);
        patience.await();

        assertThat(patience.left()).isEqualTo(50);
    }

    @Test
    void isNotRenewedOnceItIsOver() {
        patience.await();
        patience.pause();
        assertThat(patience.end()).isTrue();

        patience.rest(50);
        patience.await();

        assertThat(patience.end()).isFalse();
        assertThat(patience.left()).isEqualTo(Patience.ENDLESS);
        assertThat(patience.isPassingOn()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 86_400_000_000_000L, Patience.ENDLESS})
    void keepsEveryTime(long nanos) {
        now.set(Long.MAX_VALUE >> 3);
        Patience any = new Patience(nanos, now::get);

        any.await();
        any.pause();
        any.rest();
        any.await();

        assertThat(any.left()).isEqualTo(nanos);
    }

    @Test
    void neverExhaustsEndlessPatience() {
        Patience endless = new Patience(Patience.ENDLESS, now::get);
        endless.await();

        now.set(Long.MAX_VALUE >> 2);

        assertThat(endless.endIfExhausted()).isFalse();
    }
}
