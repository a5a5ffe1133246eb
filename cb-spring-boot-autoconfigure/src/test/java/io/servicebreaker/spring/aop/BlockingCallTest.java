package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.faults;
import static io.servicebreaker.spring.aop.Calling.open;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static io.servicebreaker.spring.aop.Calling.underWay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.breaker.BreakerState;
import io.servicebreaker.call.CallRejectedException;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;

class BlockingCallTest {

    @Test
    void recordsASuccessWhenTheMethodReturns() {
        run((context, client) -> {
            String answer = client.ask("why");

            assertThat(answer).isEqualTo("because why");
            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void guardsMethodsThatReturnNothing() {
        run((context, client) -> {
            client.tell();

            assertThat(outcomes(context)).containsExactly("openai SUCCESS");
        });
    }

    @Test
    void opensAfterFailuresAndThenRefusesWithoutCallingTheMethod() {
        run((context, client) -> {
            assertThatThrownBy(() -> client.fail(new IOException("down"))).hasMessage("down");
            assertThatThrownBy(() -> client.fail(new IOException("down"))).hasMessage("down");

            assertThatThrownBy(() -> client.ask("why")).isInstanceOf(CallRejectedException.class);

            assertThat(Calling.breaker(context, "openai").state()).isEqualTo(BreakerState.OPEN);
            assertThat(client.calls()).isEqualTo(2);
        });
    }

    @Test
    void letsTheCallerSeeItsOwnException() {
        run((context, client) -> {
            IOException own = new IOException("down");

            assertThatThrownBy(() -> client.fail(own)).isSameAs(own);

            assertThat(outcomes(context)).containsExactly("openai FAILURE CONNECTION");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void givesThePermitBackWhenTheMethodThrowsAnError() {
        run((context, client) -> {
            Error own = new StackOverflowError();

            assertThatThrownBy(() -> client.fail(own)).isSameAs(own);

            assertThat(outcomes(context)).containsExactly("openai IGNORED LOCAL_ERROR");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void givesThePermitBackWhenTheMethodIsInterrupted() {
        run((context, client) -> {
            InterruptedException own = new InterruptedException();

            assertThatThrownBy(() -> client.fail(own)).isSameAs(own);

            assertThat(outcomes(context)).containsExactly("openai IGNORED CANCELLED");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void throwsTheRefusal() {
        run((context, client) -> {
            open(context, "openai");

            assertThatThrownBy(() -> client.ask("why"))
                    .isInstanceOf(CallRejectedException.class)
                    .hasMessageContaining("openai");

            assertThat(outcomes(context)).containsExactly("openai REFUSED FORCED_OPEN");
            assertThat(underWay(context)).isZero();
            assertThat(faults(context)).isZero();
        });
    }

    private static void run(BiConsumer<ApplicationContext, Client> test) {
        GuardedServices.runner()
                .withBean(Client.class)
                .run(context -> test.accept(context, context.getBean(Client.class)));
    }

    static class Client {

        private int calls;

        @ServiceBreaker("openai")
        String ask(String question) {
            calls++;
            return "because " + question;
        }

        @ServiceBreaker("openai")
        public void tell() {}

        @ServiceBreaker("openai")
        public String fail(Throwable failure) throws Throwable {
            calls++;
            throw failure;
        }

        int calls() {
            return calls;
        }
    }
}
