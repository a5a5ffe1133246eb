/**
 * What the callers of this application are told when a call was refused. Read
 * {@link io.servicebreaker.spring.web.RefusedCallAdvice}.
 */
@NullMarked
package io.servicebreaker.spring.web;

import org.jspecify.annotations.NullMarked;
