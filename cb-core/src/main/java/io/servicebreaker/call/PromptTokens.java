package io.servicebreaker.call;

/**
 * The tokens of what a call is about to send. They are counted when somebody asks, since that takes time, and then known.
 * Its methods never throw. Safe for use by many threads.
 */
public interface PromptTokens {

    /** Tokens that are sent, by count; 0 if they could not be counted. */
    int input();

    /** As many tokens as the answer may have; 0 if the request sets no limit. */
    int mostOutput();
}
