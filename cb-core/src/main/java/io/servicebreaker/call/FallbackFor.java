package io.servicebreaker.call;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which causes a fallback method is for. Among the methods that {@code @ServiceBreaker(fallback = "…")} names, one
 * whose causes include this one is asked before those that are for all.
 *
 * <p>Found on the method and on what it overrides. Causes that two methods share, and ones that never arrive, fail
 * start-up.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface FallbackFor {

    /** Why the call may have failed. */
    FailureCause[] value() default {};

    /** Why the call may have been refused. */
    RejectionReason[] reasons() default {};
}
