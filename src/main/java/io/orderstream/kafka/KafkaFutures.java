package io.orderstream.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Waits for answers of Kafka's clients, and throws what these throw themselves. */
public final class KafkaFutures {

    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private KafkaFutures() {
    }

    /**
     * Waits for an answer as long as it takes.
     *
     * @throws KafkaException the failure; one of another type is the cause of a KafkaException
     * @throws InterruptException if the calling thread is interrupted; it stays so
     */
    public static <T> T await(Future<T> answer) {
        return await(answer, FOREVER, "");
    }

    /**
     * Waits for an answer.
     *
     * @param longest how long
     * @param late message of the failure if there is none by then
     * @throws KafkaException as {@link #await(Future)}, or a {@link TimeoutException} if it takes longer
     */
    public static <T> T await(Future<T> answer, Duration longest, String late) {
        try {
            return answer.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(late, e);
        }
    }
}
