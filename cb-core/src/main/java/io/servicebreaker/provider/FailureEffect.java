package io.servicebreaker.provider;

import io.servicebreaker.call.RejectionScope;

/**
 * What a failure of one cause does.
 *
 * @param counts whether it counts against the service
 * @param scope what it says something about
 * @param holds whether the scope is not called for a while because of it, as long as the provider asks or else for a
 *     time of ours; not for what counts
 * @param retryable whether the same call may succeed a moment later
 * @param escalates whether a person has to do something about it: the log then says so, once a minute
 */
public record FailureEffect(
        boolean counts, RejectionScope scope, boolean holds, boolean retryable, boolean escalates) {}
