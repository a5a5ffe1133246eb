/** The starter: everything that knows Spring. */
@NullMarked
package io.servicebreaker.spring;

import org.jspecify.annotations.NullMarked;
