package io.servicebreaker.spring.aop;

import static io.servicebreaker.spring.aop.Calling.open;
import static io.servicebreaker.spring.aop.Calling.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.annotation.ServiceBreaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

@ExtendWith(OutputCaptureExtension.class)
class CacheOrderTest {

    private static final String WARNING = "the breaker stands before the cache";

    @Test
    void isWarnedOfWhereTheBreakerStandsBeforeTheCache(CapturedOutput output) {
        GuardedServices.runner()
                .withUserConfiguration(CacheInside.class)
                .withBean(Client.class)
                .withBean("another", Client.class)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getOut().lines().filter(line -> line.contains(WARNING)))
                .singleElement()
                .asString()
                .contains("WARN", "CacheOrderTest$Client.ask(String): ", "@EnableCaching(order = ");
    }

    @Test
    void letsTheCacheAnswerFirstWhenItComesFirst(CapturedOutput output) {
        GuardedServices.runner()
                .withUserConfiguration(CacheOutside.class)
                .withBean(Client.class)
                .run(context -> {
                    Client client = context.getBean(Client.class);
                    client.ask("q");
                    open(context, "openai");

                    assertThat(client.ask("q")).isEqualTo("asked q");
                    assertThat(outcomes(context)).containsExactly("openai SUCCESS");
                });
        assertThat(output).doesNotContain(WARNING);
    }

    @Test
    void doesNotMatterWithoutACache(CapturedOutput output) {
        GuardedServices.runner()
                .withBean(Client.class)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output).doesNotContain(WARNING);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @Import(ConcurrentMapCacheManager.class)
    static class CacheInside {}

    @Configuration(proxyBeanMethods = false)
    @EnableCaching(order = Ordered.LOWEST_PRECEDENCE - 20)
    @Import(ConcurrentMapCacheManager.class)
    static class CacheOutside {}

    static class Client {

        @Cacheable("answers")
        @ServiceBreaker("openai")
        public String ask(String question) {
            return "asked " + question;
        }

        @CacheEvict("answers")
        @ServiceBreaker("openai")
        public void forget(String question) {}

        @ServiceBreaker("openai")
        public String uncached(String question) {
            return question;
        }
    }
}
