package io.servicebreaker.spring;

import org.jspecify.annotations.Nullable;

/**
 * One of several deployments of a service.
 *
 * @param url Address of the deployment, with the part of the path that comes before those of requests.
 * @param weight Share of the calls relative to the other deployments, above 0 and at most 1000.
 * @param costFactor Price of a call relative to the other deployments, above 0 and at most 1000.
 */
public record BackendProperties(
        @Nullable String url,
        @Nullable Double weight,
        @Nullable Double costFactor) {}
