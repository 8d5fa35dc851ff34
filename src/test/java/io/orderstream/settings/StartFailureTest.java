package io.orderstream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.NoSuchFileException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValidationException.Problem;

class StartFailureTest {

    @Test
    void shouldSayWhatASettingHasToBe() {
        assertThat(sentence(new InvalidSettingException("A must be b, but is 'c'."))).isEqualTo("A must be b, but is 'c'.");
        assertThat(sentence(new ConfigurationException("A must be b, but is 'c'."))).isEqualTo("A must be b, but is 'c'.");
    }

    @Test
    void shouldSayEachInvalidSettingOnceInALine() {
        // Given
        ConfigValidationException failure = new ConfigValidationException(
                new Problem[] { new Problem("A must be b."), new Problem("A must be b."),
                        new Problem(
                                "java.lang.IllegalArgumentException: SRCFG00039: The config property quarkus.http.port with the "
                                        + "config value \"abc\" threw an Exception whilst being converted SRCFG00029: Expected an integer "
                                        + "value, got \"abc\"") });

        // Then
        assertThat(sentence(failure)).isEqualTo("""
                A must be b.
                quarkus.http.port cannot be read, since it is 'abc': Expected an integer value, got "abc\"""");
    }

    @Test
    void shouldNameThePortSettingsIfAPortIsTaken() {
        assertThat(sentence(new QuarkusBindException("0.0.0.0", 8080, new BindException("Address already in use"))))
                .isEqualTo("HTTP_PORT and METRICS_PORT must be ports of this machine that nobody else listens on, but "
                        + "0.0.0.0:8080 is not.");
        assertThat(sentence(new IllegalStateException(new BindException("Address already in use"))))
                .endsWith("but one of them is not.");
    }

    @Test
    void shouldSayTheReasonOfWhatNobodyHasForeseenInOneLine() {
        assertThat(sentence(new KafkaException("Failed to construct kafka consumer",
                new ConfigException("Invalid url in bootstrap.servers: localhost"))))
                .isEqualTo("The application cannot start: Failed to construct kafka consumer: "
                        + "Invalid url in bootstrap.servers: localhost");
        assertThat(sentence(new IllegalStateException("the certificates cannot be read",
                new UncheckedIOException("a file is missing", new NoSuchFileException("/nope.pem")))))
                .isEqualTo("The application cannot start: the certificates cannot be read: NoSuchFileException /nope.pem");
        assertThat(sentence(new IllegalStateException("two\nlines"))).isEqualTo("The application cannot start: two lines");
    }

    @Test
    void shouldAskForAStackTraceOnlyIfTheCodeIsWrong() {
        assertThat(new StartFailure(new RuntimeException(new NullPointerException())).isDefect()).isTrue();
        assertThat(new StartFailure(new ExceptionInInitializerError(new NoClassDefFoundError("a/B"))).isDefect()).isTrue();
        assertThat(new StartFailure(new ExceptionInInitializerError(new IllegalStateException("a b"))).isDefect()).isFalse();
    }

    private static String sentence(Exception cause) {
        return new StartFailure(new RuntimeException("Failed to start quarkus", cause)).sentence();
    }
}
