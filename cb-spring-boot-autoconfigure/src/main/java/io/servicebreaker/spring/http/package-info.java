/** What the exceptions of Spring's HTTP clients tell. Read {@link io.servicebreaker.spring.ErrorReport}. */
@NullMarked
package io.servicebreaker.spring.http;

import org.jspecify.annotations.NullMarked;
