/** What is content and what is an error in streams. Read {@link io.servicebreaker.spring.stream.EventErrors}. */
@NullMarked
package io.servicebreaker.spring.stream;

import org.jspecify.annotations.NullMarked;
