/** Guards the models of Spring AI. Read {@link io.servicebreaker.spring.ai.GuardedChat}. */
@NullMarked
package io.servicebreaker.spring.ai;

import org.jspecify.annotations.NullMarked;
