/** What is special about each kind of service. Level 3; read {@link io.servicebreaker.provider.ProviderProfile}. */
@NullMarked
package io.servicebreaker.provider;

import org.jspecify.annotations.NullMarked;
