package io.servicebreaker.benchmarks.spring;

import io.servicebreaker.benchmarks.Answer;

/** The bean that is called; not final, so that it can be proxied by a subclass. */
public class Answers {
    public String answer(String question) {
        return Answer.get();
    }
}
