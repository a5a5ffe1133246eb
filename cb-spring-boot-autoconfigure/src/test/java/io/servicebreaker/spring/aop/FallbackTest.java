package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.open;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static io.servicebreaker.spring.aop.Calling.underWay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallRejectedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;

class FallbackTest {

    @Test
    void answersWhenTheCallIsRefused() {
        run((context, client) -> {
            open(context, "openai");

            assertThat(client.ask("q")).isEqualTo("cached q");
        });
    }

    @Test
    void answersWhenTheMethodFails() {
        run((context, client) ->
                assertThat(client.fail(new IOException("down"))).isEqualTo("IOException: down"));
    }

    @Test
    void asksTheMethodWhoseThrowableIsNearest() {
        run((context, client) -> {
            assertThat(client.fail(new FileNotFoundException("f"))).isEqualTo("IOException: f");
            assertThat(client.fail(new TimeoutException("t"))).isEqualTo("Exception: t");
        });
    }

    @Test
    void leavesFailuresOfOtherTypesToTheCaller() {
        run((context, client) -> {
            assertThat(client.onlyRefusals(null)).isEqualTo("fine");
            assertThatThrownBy(() -> client.onlyRefusals(new IllegalStateException("own")))
                    .hasMessage("own");
            open(context, "openai");

            assertThat(client.onlyRefusals(null)).isEqualTo("refused by openai");
        });
    }

    @Test
    void isNotAskedAfterAnError() {
        run((context, client) -> {
            Error own = new StackOverflowError();

            assertThatThrownBy(() -> client.fail(own)).isSameAs(own);
        });
    }

    @Test
    void isNotAskedWhenTheCallWasInterruptedOrCancelled() {
        run((context, client) -> {
            InterruptedException interrupted = new InterruptedException();
            CancellationException cancelled = new CancellationException();
            RuntimeException wrapped = new RuntimeException(new InterruptedException());

            assertThatThrownBy(() -> client.fail(interrupted)).isSameAs(interrupted);
            assertThatThrownBy(() -> client.fail(cancelled)).isSameAs(cancelled);
            assertThatThrownBy(() -> client.fail(wrapped)).isSameAs(wrapped);
        });
    }

    @Test
    void isNotAskedOnAThreadThatWasInterrupted() {
        run((context, client) -> {
            IOException own = new IOException("interrupted while reading");
            Thread.currentThread().interrupt();

            Throwable seen = catchThrowable(() -> client.fail(own));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(seen).isSameAs(own);
        });
    }

    @Test
    void answersWhenTheAnswerIsNotGoodEnoughA68() {
        run((context, client) -> {
            assertThat(client.judged("")).isEqualTo("The answer does not satisfy #result.length() > 0");
            assertThat(client.judged("fine")).isEqualTo("fine");

            assertThat(outcomes(context)).containsExactly("openai FAILURE QUALITY", "openai SUCCESS");
        });
    }

    @Test
    void leavesAPoorAnswerAsItIsWithoutAFallback() {
        run((context, client) -> {
            assertThat(client.judgedOnly("")).isEmpty();

            assertThat(outcomes(context)).containsExactly("openai FAILURE QUALITY");
        });
    }

    @Test
    void leavesAPoorAnswerAsItIsWhenTheFallbackTakesOtherFailures() {
        run((context, client) -> assertThat(client.judgedButOnlyRefusals("")).isEmpty());
    }

    @Test
    void throwsItsOwnExceptionWithTheFirstOneSuppressed() {
        run((context, client) -> {
            IOException first = new IOException("first");

            assertThatThrownBy(() -> client.hopeless(first))
                    .isInstanceOf(IllegalStateException.class)
                    .hasSuppressedException(first);
        });
    }

    @Test
    void mayRethrowTheFirstException() {
        run((context, client) -> {
            IOException first = new IOException("first");

            Throwable seen = catchThrowable(() -> client.rethrown(first));

            assertThat(seen).isSameAs(first);
            assertThat(seen.getSuppressed()).isEmpty();
        });
    }

    @Test
    void doesNotFillUpAnExceptionThatItThrowsAgainAndAgain() {
        run((context, client) -> {
            for (int i = 0; i < 100; i++) {
                catchThrowable(() -> client.hopeless(new IOException("first")));
            }

            assertThat(Client.SHARED.getSuppressed()).hasSizeBetween(1, 10);
        });
    }

    @Test
    void formsALadderThroughTheProxy() {
        run((context, client) -> {
            assertThat(client.first("q")).isEqualTo("first q");
            open(context, "lightrag");
            assertThat(client.first("q")).isEqualTo("second q");
            open(context, "openai");
            assertThat(client.first("q")).isEqualTo("third q");
            open(context, "perplexity");
            assertThat(client.first("q")).isEqualTo("cached q");

            assertThat(outcomes(context))
                    .endsWith(
                            "lightrag REFUSED FORCED_OPEN",
                            "openai REFUSED FORCED_OPEN",
                            "perplexity REFUSED FORCED_OPEN");
            assertThat(underWay(context)).isZero();
        });
    }

    @Test
    void mayBeAMethodOfAnotherBean() {
        run((context, client) -> {
            open(context, "openai");

            assertThat(client.elsewhere("q")).isEqualTo("stored q");
        });
    }

    @Test
    void mayBeInABeanThatNeedsTheFirstOne() {
        GuardedServices.runner()
                .withBean("needed", Needed.class)
                .withBean("needy", Needy.class)
                .run(context -> {
                    open(context, "openai");

                    assertThat(context.getBean(Needed.class).ask()).isEqualTo("from needy");
                });
    }

    @Test
    void mayBeProtected() {
        run((context, client) -> {
            open(context, "openai");

            assertThat(client.fallingBackOnProtected("q")).isEqualTo("protected q");
        });
    }

    @Test
    void mayBeAnOverloadOfTheGuardedMethod() {
        run((context, client) -> {
            open(context, "openai");

            assertThat(client.overloaded("q")).isEqualTo("CallRejectedException after q");
        });
    }

    @Test
    void mayBeAnOverloadOfTheMethodsOfAnAnnotatedType() {
        GuardedServices.runner().withBean(Overloads.class).run(context -> {
            open(context, "openai");
            Overloads client = context.getBean(Overloads.class);

            assertThat(client.ask("q")).isEqualTo("CallRejectedException after q");
            assertThatThrownBy(() -> client.ask(1)).isInstanceOf(CallRejectedException.class);
        });
    }

    @Test
    void mayBeWrittenInTermsOfAGenericSuperclass() {
        GuardedServices.runner().withBean(Concrete.class).run(context -> {
            open(context, "openai");

            assertThat(context.getBean(Concrete.class).ask("q")).isEqualTo("cached q");
        });
    }

    private static void run(Scenario test) {
        GuardedServices.runner()
                .withBean(Client.class)
                .withBean("store", Store.class)
                .run(context -> test.play(context, context.getBean(Client.class)));
    }

    private interface Scenario {

        void play(ApplicationContext context, Client client) throws Throwable;
    }

    static class Client {

        private static final RuntimeException SHARED = new IllegalStateException("second");

        @ServiceBreaker(value = "openai", fallback = "cached")
        public String ask(String question) {
            return "asked " + question;
        }

        @ServiceBreaker(value = "lightrag", fallback = "second")
        public String first(String question) {
            return "first " + question;
        }

        @ServiceBreaker(value = "openai", fallback = "third")
        public String second(String question) {
            return "second " + question;
        }

        @ServiceBreaker(value = "perplexity", fallback = "cached")
        public String third(String question) {
            return "third " + question;
        }

        public String cached(String question) {
            return "cached " + question;
        }

        @ServiceBreaker(value = "openai", fallback = "store::load")
        public String elsewhere(String question) {
            return question;
        }

        @ServiceBreaker(value = "openai", fallback = "shielded")
        public String fallingBackOnProtected(String question) {
            return question;
        }

        protected String shielded(String question) {
            return "protected " + question;
        }

        @ServiceBreaker(value = "openai", fallback = "explain")
        public String fail(Throwable failure) throws Throwable {
            throw failure;
        }

        public String explain(Throwable argument, Exception failure) {
            return "Exception: " + failure.getMessage();
        }

        public String explain(Throwable argument, IOException failure) {
            return "IOException: " + failure.getMessage();
        }

        @ServiceBreaker(value = "openai", fallback = "refused")
        public String onlyRefusals(RuntimeException failure) {
            if (failure != null) {
                throw failure;
            }
            return "fine";
        }

        public String refused(RuntimeException argument, CallRejectedException refusal) {
            return "refused by " + refusal.service();
        }

        @ServiceBreaker(value = "openai", fallback = "message", acceptResult = "#result.length() > 0")
        public String judged(String answer) {
            return answer;
        }

        @ServiceBreaker(value = "openai", acceptResult = "#result.length() > 0")
        public String judgedOnly(String answer) {
            return answer;
        }

        @ServiceBreaker(value = "openai", fallback = "refused", acceptResult = "#result.length() > 0")
        public String judgedButOnlyRefusals(String answer) {
            return answer;
        }

        public String refused(String argument, CallRejectedException refusal) {
            return "refused";
        }

        public String message(String argument, Exception failure) {
            return failure.getMessage();
        }

        @ServiceBreaker(value = "openai", fallback = "overloaded")
        public String overloaded(String question) {
            return question;
        }

        public String overloaded(String question, Exception why) {
            return why.getClass().getSimpleName() + " after " + question;
        }

        @ServiceBreaker(value = "openai", fallback = "failing")
        public String hopeless(IOException failure) throws IOException {
            throw failure;
        }

        public String failing(IOException argument) {
            throw SHARED;
        }

        @ServiceBreaker(value = "openai", fallback = "rethrowing")
        public String rethrown(IOException failure) throws IOException {
            throw failure;
        }

        public String rethrowing(IOException argument, IOException failure) throws IOException {
            throw failure;
        }
    }

    @ServiceBreaker("openai")
    static class Overloads {

        @ServiceBreaker(value = "openai", fallback = "ask")
        public String ask(String question) {
            return question;
        }

        public String ask(String question, Exception why) {
            return why.getClass().getSimpleName() + " after " + question;
        }

        public String ask(int number) {
            return "" + number;
        }
    }

    abstract static class Generic<T> {

        @ServiceBreaker(value = "openai", fallback = "cached")
        public T ask(T question) {
            return question;
        }

        public abstract T cached(T question);
    }

    static class Concrete extends Generic<String> {

        @Override
        public String cached(String question) {
            return "cached " + question;
        }
    }

    static class Store {

        public String load(String question) {
            return "stored " + question;
        }
    }

    static class Needed {

        @ServiceBreaker(value = "openai", fallback = "needy::answer")
        public String ask() {
            return "asked";
        }
    }

    static class Needy {

        private final Needed needed;

        Needy(Needed needed) {
            this.needed = needed;
        }

        public String answer() {
            return needed == null ? "nobody" : "from needy";
        }
    }
}
