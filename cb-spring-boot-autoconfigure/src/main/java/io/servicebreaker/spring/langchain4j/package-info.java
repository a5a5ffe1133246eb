/** Guards the HTTP clients of LangChain4j. Read {@link io.servicebreaker.spring.langchain4j.GuardedHttpClients}. */
@NullMarked
package io.servicebreaker.spring.langchain4j;

import org.jspecify.annotations.NullMarked;
