package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.settings.InvalidSettingException;
import io.orderstream.testsupport.NamedTls;
import io.quarkus.tls.TlsConfiguration;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.net.SSLOptions;

class KafkaConfigCheckTest {

    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"%s\";";

    private final Map<String, Object> kafka = new HashMap<>(Map.of("bootstrap.servers", "localhost:9092"));
    private final Map<String, String> channels = new HashMap<>();
    private final Map<String, TlsConfiguration> tls = new HashMap<>();

    private void check() {
        new KafkaConfigCheck(kafka, new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(channels, "test", 100)).build(), new KafkaTls(new NamedTls(tls)))
                .check();
    }

    @Test
    void shouldTakeWhatClientsTake() {
        // Given
        kafka.putAll(Map.of("tracing-enabled", "false", "acks", "all", "security.protocol", "sasl_plaintext", "sasl.mechanism",
                "SCRAM-SHA-512", "sasl.jaas.config", PLAIN.formatted("pa$$${x}w"), "reconnect.backoff.max.ms", "2000"));
        channels.putAll(Map.of("mp.messaging.incoming.a-in.topic", "a", "mp.messaging.incoming.a-in.fetch.min.bytes", "1",
                "mp.messaging.connector.smallrye-kafka.retries", "0", "mp.messaging.outgoing.a-out.compression.type", "zstd"));

        // Then
        assertThatNoException().isThrownBy(this::check);
    }

    /** Their login asks a server, which may be away at the start. */
    @Test
    void shouldNotLogInWhereThatAsksAServer() {
        // Given
        kafka.putAll(Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "OAUTHBEARER", "sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
                "sasl.oauthbearer.token.endpoint.url", "http://localhost:1/token"));

        // Then
        assertThatNoException().isThrownBy(this::check);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            acks              | abc      | String must be one of: all, -1, 0, 1
            compression.type  | abc      | String must be one of: none, gzip, snappy, lz4, zstd
            security.protocol | NONSENSE | String must be one of (case insensitive)
            session.timeout.ms | abc     | Not a number of type INT
            request.timeout.ms | -1      | Value must be at least 0
            """)
    void shouldSayWhichPropertyOfKafkaIsInvalid(String name, String value, String rule) {
        // Given
        kafka.put(name, value);

        // Then
        assertRefused("The Kafka property kafka." + name + " is invalid: Invalid value " + value + " for configuration " + name,
                rule);
    }

    @ParameterizedTest
    @CsvSource({ "incoming.orders-in.fetch.min.bytes", "outgoing.orders-out.linger.ms",
            "connector.smallrye-kafka.max.poll.records" })
    void shouldSayWhichPropertyOfAChannelIsInvalid(String name) {
        // Given
        channels.put("mp.messaging." + name, "abc");

        // Then
        assertRefused("The Kafka property mp.messaging." + name + " is invalid: Invalid value abc");
    }

    @Test
    void shouldNotIgnoreWhatIsMeantToProtect() {
        // Given
        kafka.put("sasl.jaas.config", PLAIN.formatted("s3cret"));

        // Then
        assertRefused("kafka.security.protocol must have SASL in it, since kafka.sasl.jaas.config is set, but is 'PLAINTEXT'.");

        // Given
        kafka.remove("sasl.jaas.config");
        kafka.put("ssl.truststore.location", "/nonexistent.p12");

        // Then
        assertRefused("kafka.security.protocol must have SSL in it, since kafka.ssl.truststore.location is set");
    }

    @Test
    void shouldTakeATlsConfigurationThatIsThere() {
        // Given
        kafka.putAll(Map.of("security.protocol", "SSL", "tls-configuration-name", "kafka"));
        tls.put("kafka", new NamedTls.Trivial());

        // Then
        assertThatNoException().isThrownBy(this::check);
    }

    @Test
    void shouldSayWhyATlsConfigurationWouldNotProtect() {
        // Given
        kafka.put("tls-configuration-name", "kafka");
        tls.put("kafka", new NamedTls.Trivial());

        // Then
        assertRefused("kafka.security.protocol must have SSL in it, since kafka.tls-configuration-name is set, but is "
                + "'PLAINTEXT'.");

        // Given
        kafka.put("security.protocol", "SSL");
        kafka.put("ssl.truststore.location", "/nonexistent.p12");

        // Then
        assertRefused("kafka.ssl.truststore.location must not be set, since the TLS configuration that "
                + "KAFKA_TLS_CONFIGURATION_NAME names is used in its place.");

        // Given
        kafka.remove("ssl.truststore.location");
        tls.put("kafka", new NamedTls.Trivial(new SSLOptions().addCrlPath("/revoked.crl")));

        // Then
        assertRefused("must have no certificate-revocation-list");

        // Given
        tls.clear();

        // Then
        assertRefused("KAFKA_TLS_CONFIGURATION_NAME must name a TLS configuration (quarkus.tls.<name>), but there is no "
                + "'kafka'.");
    }

    @Test
    void shouldSayWhichFileIsMissing() {
        // Given
        kafka.putAll(Map.of("security.protocol", "SSL", "ssl.truststore.location", "/nonexistent.p12"));

        // Then
        assertRefused("kafka.ssl.truststore.location must be a file that can be read, but is '/nonexistent.p12'.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NONSENSE | org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="s3cret"; | must be one of GSSAPI, OAUTHBEARER, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, but is 'NONSENSE'.
            PLAIN    | s3cret                                        | kafka.sasl.jaas.config must be a login module such as
            PLAIN    | org.apache.kafka.common.security.plain.PlainLoginModule required username=u password=x s3cret; | kafka.sasl.jaas.config must be a login module such as
            PLAIN    | no.such.Module required username="u" password="s3cret"; | no.such.Module
            PLAIN    |        | kafka.sasl.jaas.config must be a login module
            GSSAPI   |        | since kafka.security.protocol is 'SASL_PLAINTEXT', but is not.
            """)
    void shouldSayWhichCredentialsNoClientTakes(String mechanism, String jaas, String sentence) {
        // Given
        kafka.putAll(Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", mechanism));
        if (jaas != null) {
            kafka.put("sasl.jaas.config", jaas);
        }

        // Then
        assertRefused(sentence);
    }

    private void assertRefused(String... words) {
        assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(this::check)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(words)
                        .doesNotContain("s3cret", "\n").endsWith("."));
    }
}
