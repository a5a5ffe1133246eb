package io.servicebreaker.spring.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.Permit;
import io.servicebreaker.spring.loadbalancer.BalancedService.Ongoing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.Request;

/** What is known of requests of a load balancer. */
class RequestsUnderWayTest {

    private static final Ongoing ONGOING = new Ongoing(Permit.FREE, 1, false);

    private final RequestsUnderWay underWay = new RequestsUnderWay();

    @Test
    void tellsRequestsApartThatAreEqual() {
        Request<String> one = new DefaultRequest<>("same");
        Request<String> other = new DefaultRequest<>("same");
        Ongoing second = new Ongoing(Permit.FREE, 2, false);
        underWay.add(one, ONGOING);
        underWay.add(other, second);

        assertThat(underWay.remove(other)).isSameAs(second);
        assertThat(underWay.remove(one)).isSameAs(ONGOING);
        assertThat(underWay.remove(one)).isNull();
        assertThat(underWay.size()).isZero();
    }

    @Test
    @Timeout(60)
    void forgetsRequestsThatNobodyHoldsAnyMore() {
        for (int i = 0; i < 1_000; i++) {
            underWay.add(new DefaultRequest<>("given up"), ONGOING);
        }

        while (underWay.size() > 10) {
            System.gc();
            underWay.add(new DefaultRequest<>("another"), ONGOING);
        }

        assertThat(underWay.size()).isPositive();
    }
}
