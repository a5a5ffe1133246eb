/** The same bean plain, behind advice that does nothing, and behind each library's annotation. */
@NullMarked
package io.servicebreaker.benchmarks.spring;

import org.jspecify.annotations.NullMarked;
