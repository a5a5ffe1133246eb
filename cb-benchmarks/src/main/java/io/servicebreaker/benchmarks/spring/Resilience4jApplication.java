package io.servicebreaker.benchmarks.spring;

import io.github.resilience4j.circuitbreaker.annotation.CircuitBreaker;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Resilience4j's annotation with its defaults, as its starter sets it up. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Resilience4jApplication {

    @Bean
    GuardedAnswers answers() {
        return new GuardedAnswers();
    }

    static class GuardedAnswers extends Answers {
        @Override
        @CircuitBreaker(name = "answers")
        public String answer(String question) {
            return super.answer(question);
        }
    }
}
