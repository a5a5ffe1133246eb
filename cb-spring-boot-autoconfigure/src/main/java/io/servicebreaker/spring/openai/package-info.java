/** Guards the clients of OpenAI's SDK. Read {@link io.servicebreaker.spring.openai.GuardedOpenAi}. */
@NullMarked
package io.servicebreaker.spring.openai;

import org.jspecify.annotations.NullMarked;
