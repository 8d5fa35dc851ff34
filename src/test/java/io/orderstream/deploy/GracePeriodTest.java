package io.orderstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.quarkus.runtime.configuration.DurationConverter;

/** A pod or a container has as long to stop as the application may take. */
class GracePeriodTest {

    private static final Duration SLACK = Duration.ofSeconds(30);
    private static final String CONNECTOR = "mp.messaging.connector.smallrye-kafka.";
    /** Channels that move orders to the retry topic: orders-in and orders-retry-in. */
    private static final int MOVING = 2;

    @ParameterizedTest
    @MethodSource("io.orderstream.deploy.Manifests#directories")
    void shouldWaitForTheLongestStopThereIs(Path directory) {
        // Given
        Manifests manifests = Manifests.rendered(directory);
        Workload application = Workload.application(manifests);

        // When
        Duration before = Duration.ofSeconds(application.container().getLifecycle().getPreStop().getSleep().getSeconds());
        Duration longest = before.plus(longestStop(Environment.of(manifests)));

        // Then
        assertThat(Duration.ofSeconds(application.pod().getTerminationGracePeriodSeconds()))
                .isBetween(longest, longest.plus(SLACK));
    }

    @Test
    void shouldWaitAsLongInCompose() {
        // Given
        ComposeFile compose = new ComposeFile();

        // When
        String grace = compose.service(ComposeFile.APPLICATION).path("stop_grace_period").asText();

        // Then
        assertThat(DurationConverter.parseDuration(grace))
                .isGreaterThanOrEqualTo(longestStop(compose.environment(ComposeFile.APPLICATION)));
    }

    /**
     * How long the application may take to stop: while handlers do not end and the broker is away, so that each wait in turn
     * runs into its time-out. The numbers are read where they are in force: settings, application.properties, and the
     * constants of the classes that wait.
     *
     * @param environment the variables of the application
     */
    private static Duration longestStop(Map<String, String> environment) {
        String set = environment.getOrDefault("DRAIN_TIMEOUT", "");
        Duration drain = set.isEmpty() ? Declared.duration("DRAIN_TIMEOUT") : DurationConverter.parseDuration(set);
        long incoming = number("incoming");
        long outgoing = number("outgoing");
        return drain.plus(channels(incoming)).plus(producers(incoming, outgoing))
                // The jobs of redrive, the reading of their topic and of the dead letters, and the spool
                .plus(constant("redrive.RedriveRunner", "CLOSE_TIMEOUT"))
                .plus(constant("redrive.RedriveLog", "APPEND_TIMEOUT"))
                .plus(constant("kafka.TopicTail", "CLOSE_TIMEOUT").multipliedBy(2))
                .plus(constant("spool.SpoolWriter", "CLOSE_TIMEOUT"))
                .plus(constant("spool.SpoolDrain", "CLOSE_TIMEOUT"));
    }

    /**
     * One after the other, if none of them could be closed together with all others: SmallRye waits for two polls, and as long
     * again if it has partitions; then the last commit, which has three times its time-out, and with moves the transaction
     * before
     * and the producer behind it; then the consumer, for which SmallRye waits twice its time-out.
     */
    private static Duration channels(long incoming) {
        Duration commit = constant("commit.FinalCommit", "TIMEOUT");
        Duration moves = commit.plus(constant("commit.RetryTopicTransactions", "CLOSE_TIMEOUT"));
        return millis("poll-timeout").multipliedBy(4).plus(commit.multipliedBy(3)).plus(millis("close-timeout").multipliedBy(2))
                .multipliedBy(incoming).plus(moves.multipliedBy(MOVING));
    }

    /** Those of the dead letters, one to an incoming channel, and those of the outgoing ones, which SmallRye closes first. */
    private static Duration producers(long incoming, long outgoing) {
        return constant("kafka.ProducerCloser", "TIMEOUT").multipliedBy(incoming + outgoing)
                .plus(millis("close-timeout").multipliedBy(2 * outgoing));
    }

    private static long number(String direction) {
        return properties().stringPropertyNames().stream()
                .filter(name -> name.matches("mp\\.messaging\\." + direction + "\\.[^.]+\\.connector")).count();
    }

    private static Duration millis(String attribute) {
        return Duration.ofMillis(Long.parseLong(properties().getProperty(CONNECTOR + attribute)));
    }

    private static Properties properties() {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(reader);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Duration constant(String type, String name) {
        try {
            Field field = Class.forName("io.orderstream." + type).getDeclaredField(name);
            field.setAccessible(true);
            Object value = field.get(null);
            return value instanceof Duration duration ? duration : Duration.ofMillis(((Number) value).longValue());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("who waits in a stop has changed: " + type + "." + name, e);
        }
    }
}
