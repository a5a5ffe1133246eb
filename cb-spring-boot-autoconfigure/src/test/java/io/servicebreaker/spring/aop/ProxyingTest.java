package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.open;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.invoker.HttpExchangeAdapter;
import org.springframework.web.service.invoker.HttpRequestValues;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

class ProxyingTest {

    @Test
    void needsNoAspectjWeaver() {
        GuardedServices.runner()
                .withClassLoader(new FilteredClassLoader("org.aspectj"))
                .withBean(Client.class)
                .run(ProxyingTest::guardsOnce);
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.aspectj", "no.such.library"})
    void worksBesideTheAopOfSpringBoot(String hidden) {
        GuardedServices.runner()
                .withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(hidden))
                .withBean(Client.class)
                .run(ProxyingTest::guardsOnce);
    }

    @Test
    void worksWithTheAopOfSpringBootSwitchedOff() {
        GuardedServices.runner()
                .withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class))
                .withPropertyValues("spring.aop.auto=false")
                .withBean(Client.class)
                .run(ProxyingTest::guardsOnce);
    }

    @Test
    void makesASubclassOfABeanWithInterfaces() {
        GuardedServices.runner().withBean(Implementation.class).run(context -> {
            assertThat(AopUtils.isCglibProxy(context.getBean(Asking.class))).isTrue();
            guardsOnce(context);
        });
    }

    @Test
    void proxiesByInterfacesWhenAsked() {
        GuardedServices.runner()
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .withBean(Implementation.class)
                .run(context -> {
                    assertThat(AopUtils.isJdkDynamicProxy(context.getBean(Asking.class)))
                            .isTrue();
                    guardsOnce(context);
                });
    }

    @Test
    void asksAFallbackThroughAProxyByInterfaces() {
        GuardedServices.runner()
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .withBean(Laddered.class)
                .run(context -> {
                    open(context, "openai");

                    assertThat(context.getBean(Ladder.class).ask()).isEqualTo("second");
                    assertThat(outcomes(context)).containsExactly("openai REFUSED FORCED_OPEN", "perplexity SUCCESS");
                });
    }

    @Test
    void leavesAFinalClassAloneThatIsNotAnnotated() {
        GuardedServices.runner()
                .withBean(FinalModel.class)
                .run(context -> assertThat(AopUtils.isAopProxy(context.getBean(FinalModel.class)))
                        .isFalse());
    }

    @Test
    void guardsTheClientOfAnHttpInterface() {
        GuardedServices.runner()
                .withBean(HttpClient.class, () -> httpClient(HttpClient.class))
                .run(context -> {
                    HttpClient client = context.getBean(HttpClient.class);
                    assertThat(client.ask()).isEqualTo("over http");
                    open(context, "openai");

                    assertThat(client.ask()).isEqualTo("from the default method");
                    assertThat(outcomes(context)).containsExactly("openai SUCCESS", "openai REFUSED FORCED_OPEN");
                });
    }

    @Test
    void guardsTheMethodsThatAnHttpInterfaceInherits() {
        GuardedServices.runner()
                .withBean(SpecialClient.class, () -> httpClient(SpecialClient.class))
                .run(context -> {
                    assertThat(context.getBean(SpecialClient.class).ask()).isEqualTo("over http");

                    assertThat(outcomes(context)).containsExactly("openai SUCCESS");
                });
    }

    @Test
    void prefersTheAnnotationOfTheMostSpecialHttpInterface() {
        GuardedServices.runner()
                .withBean(OverridingClient.class, () -> httpClient(OverridingClient.class))
                .run(context -> {
                    HttpClient client = context.getBean(OverridingClient.class);

                    assertThat(client.ask()).isEqualTo("over http");

                    assertThat(outcomes(context)).containsExactly("perplexity SUCCESS");
                });
    }

    @Test
    void refusesBeforeATransactionBegins() {
        GuardedServices.runner()
                .withUserConfiguration(WithTransactions.class)
                .withBean(Transacted.class)
                .run(context -> {
                    Transacted client = context.getBean(Transacted.class);
                    Transactions transactions = context.getBean(Transactions.class);
                    client.ask();
                    assertThat(transactions.log).containsExactly("begin", "commit");
                    open(context, "openai");

                    assertThatThrownBy(client::ask).isInstanceOf(CallRejectedException.class);

                    assertThat(transactions.log).containsExactly("begin", "commit");
                });
    }

    @Test
    void asksTheFallbackAfterTheRollback() {
        GuardedServices.runner()
                .withUserConfiguration(WithTransactions.class)
                .withBean(Transacted.class)
                .run(context -> {
                    Transactions transactions = context.getBean(Transactions.class);

                    String answer = context.getBean(Transacted.class).fail(transactions.log);

                    assertThat(answer).isEqualTo("after [begin, rollback]");
                });
    }

    @Test
    void guardsAsynchronousMethods() {
        GuardedServices.runner()
                .withUserConfiguration(WithAsync.class)
                .withBean(Asynchronous.class)
                .run(context -> {
                    String answer = context.getBean(Asynchronous.class).ask().join();

                    assertThat(answer).isEqualTo("on another thread");
                    assertThat(outcomes(context)).containsExactly("openai SUCCESS");
                });
    }

    @Test
    void isAskedByEachAttemptOfARetry() {
        GuardedServices.runner()
                .withUserConfiguration(WithRetries.class)
                .withBean(Retried.class)
                .run(context -> {
                    Retried client = context.getBean(Retried.class);

                    assertThatThrownBy(client::ask).isInstanceOf(CallRejectedException.class);

                    assertThat(outcomes(context))
                            .containsExactly("openai FAILURE UNKNOWN", "openai FAILURE UNKNOWN", "openai REFUSED OPEN");
                });
    }

    @Test
    void guardsScopedAndLazyBeansOnce() {
        GuardedServices.runner().withUserConfiguration(OtherScopes.class).run(context -> {
            context.getBean("scoped", Client.class).ask();
            assertThat(outcomes(context)).containsExactly("openai SUCCESS");

            context.getBean("lazy", Client.class).ask();
            assertThat(outcomes(context)).hasSize(2);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void guardsABeanOnceThatAnotherBeanMethodHandsOn(boolean byClass) {
        GuardedServices.runner()
                .withPropertyValues("spring.aop.proxy-target-class=" + byClass)
                .withUserConfiguration(HandedOn.class)
                .run(context -> {
                    context.getBean("alias", Asking.class).ask();

                    assertThat(outcomes(context)).containsExactly("openai SUCCESS");
                });
    }

    @Test
    void tellsTheClassesApartThatShareAMethod() {
        GuardedServices.runner().withUserConfiguration(SharedMethod.class).run(context -> {
            context.getBean(First.class).ask();
            context.getBean(Second.class).ask();
            context.getBean(First.class).ask();
            context.getBean(Second.class).ask();

            assertThat(outcomes(context))
                    .containsExactly("openai SUCCESS", "perplexity SUCCESS", "openai SUCCESS", "perplexity SUCCESS");
        });
    }

    @Test
    void doesNotCreateLazyBeansToCheckThem() {
        List<String> created = new ArrayList<>();
        GuardedServices.runner()
                .withBean("lazy", Client.class, () -> created(created), definition -> definition.setLazyInit(true))
                .run(context -> assertThat(created).isEmpty());
    }

    @Test
    void backsOffWithoutAnOrchestrator() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AnnotationAutoConfiguration.class))
                .withBean(Client.class)
                .run(context -> assertThat(context).doesNotHaveBean(ServiceBreakerAdvisor.class));
    }

    private static Client created(List<String> log) {
        log.add("created");
        return new Client();
    }

    private static void guardsOnce(org.springframework.context.ApplicationContext context) {
        assertThat(context.getBean(Asking.class).ask()).isEqualTo("asked");
        assertThat(outcomes(context)).containsExactly("openai SUCCESS");
        open(context, "openai");
        assertThatThrownBy(context.getBean(Asking.class)::ask).isInstanceOf(CallRejectedException.class);
    }

    private static <T> T httpClient(Class<T> type) {
        return HttpServiceProxyFactory.builderFor(new StubbedHttp()).build().createClient(type);
    }

    public interface Asking {

        String ask();
    }

    /** Public, since a proxy made by another class loader must see it. */
    public static class Client implements Asking {

        @Override
        @ServiceBreaker("openai")
        public String ask() {
            return "asked";
        }
    }

    static class Implementation extends Client {}

    interface Ladder {

        String ask();

        String second();
    }

    static class Laddered implements Ladder {

        @Override
        @ServiceBreaker(value = "openai", fallback = "second")
        public String ask() {
            return "first";
        }

        @Override
        @ServiceBreaker("perplexity")
        public String second() {
            return "second";
        }
    }

    static final class FinalModel {

        public String ask() {
            return "unguarded";
        }
    }

    /** Public, since Spring calls its default method. */
    @HttpExchange("http://localhost")
    public interface HttpClient {

        @GetExchange
        @ServiceBreaker(value = "openai", fallback = "stored")
        String ask();

        default String stored() {
            return "from the default method";
        }
    }

    @HttpExchange("http://localhost")
    public interface SpecialClient extends HttpClient {}

    @HttpExchange("http://localhost")
    public interface OverridingClient extends HttpClient {

        @Override
        @GetExchange
        @ServiceBreaker("perplexity")
        String ask();
    }

    static class Shared {

        public String ask() {
            return "asked";
        }
    }

    @ServiceBreaker("openai")
    static class First extends Shared {}

    @ServiceBreaker("perplexity")
    static class Second extends Shared {}

    @Configuration(proxyBeanMethods = false)
    @Import({First.class, Second.class})
    static class SharedMethod {}

    @Configuration(proxyBeanMethods = false)
    static class HandedOn {

        @Bean
        Asking original() {
            return new Client();
        }

        @Bean
        Asking alias(Asking original) {
            return original;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherScopes {

        @Bean
        @Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Client scoped() {
            return new Client();
        }

        @Bean
        @Lazy
        Client lazy() {
            return new Client();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class WithTransactions {

        @Bean
        Transactions transactions() {
            return new Transactions();
        }
    }

    static class Transacted {

        @Transactional
        @ServiceBreaker("openai")
        public String ask() {
            return "asked";
        }

        @Transactional
        @ServiceBreaker(value = "openai", fallback = "recover")
        public String fail(List<String> log) {
            throw new IllegalStateException("down");
        }

        public String recover(List<String> log) {
            return "after " + log;
        }
    }

    static final class Transactions implements PlatformTransactionManager {

        final List<String> log = new ArrayList<>();

        @Override
        public TransactionStatus getTransaction(TransactionDefinition definition) {
            log.add("begin");
            return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {
            log.add("commit");
        }

        @Override
        public void rollback(TransactionStatus status) {
            log.add("rollback");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class WithAsync {

        @Bean
        TaskExecutor taskExecutor() {
            return new SyncTaskExecutor();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableResilientMethods
    static class WithRetries {}

    static class Retried {

        @Retryable(maxRetries = 2, delay = 0)
        @ServiceBreaker("openai")
        public String ask() {
            throw new IllegalStateException("down");
        }
    }

    static class Asynchronous {

        @Async
        @ServiceBreaker("openai")
        public CompletableFuture<String> ask() {
            return CompletableFuture.completedFuture("on another thread");
        }
    }

    /** Answers every request with the same text. */
    private static final class StubbedHttp implements HttpExchangeAdapter {

        @Override
        public boolean supportsRequestAttributes() {
            return false;
        }

        @Override
        public void exchange(HttpRequestValues values) {}

        @Override
        public HttpHeaders exchangeForHeaders(HttpRequestValues values) {
            return new HttpHeaders();
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T exchangeForBody(HttpRequestValues values, ParameterizedTypeReference<T> type) {
            return (T) "over http";
        }

        @Override
        public ResponseEntity<Void> exchangeForBodilessEntity(HttpRequestValues values) {
            return ResponseEntity.ok().build();
        }

        @Override
        public <T> ResponseEntity<T> exchangeForEntity(HttpRequestValues values, ParameterizedTypeReference<T> type) {
            return ResponseEntity.ok(exchangeForBody(values, type));
        }
    }
}
