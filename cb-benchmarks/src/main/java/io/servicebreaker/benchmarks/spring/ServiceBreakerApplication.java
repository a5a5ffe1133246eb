package io.servicebreaker.benchmarks.spring;

import io.servicebreaker.annotation.ServiceBreaker;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Our annotation with its defaults, as our starter sets it up. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ServiceBreakerApplication {

    @Bean
    GuardedAnswers answers() {
        return new GuardedAnswers();
    }

    static class GuardedAnswers extends Answers {
        @Override
        @ServiceBreaker("answers")
        public String answer(String question) {
            return super.answer(question);
        }
    }
}
