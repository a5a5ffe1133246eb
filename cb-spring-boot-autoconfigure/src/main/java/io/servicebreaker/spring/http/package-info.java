/** What Spring's HTTP clients tell of a failed call. Read {@link io.servicebreaker.spring.http.ErrorReport}. */
@NullMarked
package io.servicebreaker.spring.http;

import org.jspecify.annotations.NullMarked;
