package io.orderstream.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

import com.sun.management.ThreadMXBean;

import io.orderstream.trace.RecordTrace.Outcome;
import io.smallrye.mutiny.Uni;

/** Switched off, tracing costs a record nothing but some calls. */
class TracingOffTest {

    private static final int RECORDS = 100_000;
    private static final byte[] KEY = { 1 };
    private static final Uni<Void> DONE = Uni.createFrom().voidItem();
    private static final Function<String, Uni<Void>> HANDLER = delivery -> DONE;
    private static final Supplier<Uni<Void>> CALL = () -> DONE;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldMakeNoObjectForARecord() {
        // Given
        Headers headers = new RecordHeaders();
        follow(Tracing.OFF, headers);

        // When
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < RECORDS; i++) {
            follow(Tracing.OFF, headers);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // Then: a single object for each would be 1,600,000
        assertThat(allocated).isLessThan(RECORDS);
        assertThat(headers.toArray()).isEmpty();
    }

    private static void follow(Tracing tracing, Headers headers) {
        tracing.writing("orders", KEY, headers).confirmed(0, 17);
        RecordTrace trace = tracing.taken("orders", 0, 17, KEY, headers);
        if (trace.attempt(1, "delivery", HANDLER) != DONE) {
            throw new AssertionError("another answer than the handler's");
        }
        trace.addTo(headers);
        trace.ids();
        trace.ended(Outcome.PROCESSED, null);
        tracing.isNewsTo(headers);
        tracing.carried(CALL).get();
    }
}
