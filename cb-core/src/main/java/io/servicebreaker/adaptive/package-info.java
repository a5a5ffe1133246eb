/**
 * Could the thresholds be better? What became of the calls, what it recommends, and what is changed because of it. Level 3;
 * read {@link io.servicebreaker.adaptive.CallMinute}, what is remembered, then
 * {@link io.servicebreaker.adaptive.Recommendation}, what is made of it.
 */
@NullMarked
package io.servicebreaker.adaptive;

import org.jspecify.annotations.NullMarked;
