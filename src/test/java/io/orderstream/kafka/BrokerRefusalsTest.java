package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;

import javax.net.ssl.SSLHandshakeException;

import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a broker really says: SecuredKafkaIT. */
class BrokerRefusalsTest {

    private final Map<String, Object> kafka = new HashMap<>(
            Map.of("sasl.mechanism", "PLAIN", "security.protocol", "SASL_SSL", "sasl.jaas.config", "... password=\"s3cret\";"));
    private final BrokerRefusals refusals = new BrokerRefusals(kafka);

    @Test
    void shouldNameTheSettingOfALoginThatIsRefusedAndNoSecret() {
        assertThat(refusals.explain(new CompletionException(new SaslAuthenticationException("Authentication failed"))))
                .isEqualTo("the broker does not take the user or the password in KAFKA_SASL_JAAS_CONFIG: Authentication failed")
                .doesNotContain("s3cret");
        assertThat(refusals.explain(new UnsupportedSaslMechanismException("enabled are [SCRAM-SHA-512]")))
                .isEqualTo("the broker does not take KAFKA_SASL_MECHANISM=PLAIN: enabled are [SCRAM-SHA-512]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PKIX path building failed: unable to find valid path    | the certificate of the broker is of nobody that is trusted by %s | trust
            No subject alternative DNS name matching b found.       | the certificate of the broker is not for the host name in KAFKA_BOOTSTRAP_SERVERS or in its advertised listeners |
            (certificate_required) Received fatal alert: bad_certificate | the broker does not take the certificate of %s | key
            something else                                          | no TLS connection is made, see KAFKA_SECURITY_PROTOCOL and %s | trust
            """)
    void shouldNameTheSettingOfAHandshakeThatFails(String said, String sentence, String store) {
        // Given
        SSLHandshakeException handshake = new SSLHandshakeException(said);
        handshake.initCause(new IllegalStateException("in detail"));
        Throwable failure = new SslAuthenticationException("SSL handshake failed", handshake);

        // Then
        assertThat(refusals.explain(failure)).isEqualTo(
                sentence.formatted("KAFKA_SSL_" + ("key".equals(store) ? "KEYSTORE" : "TRUSTSTORE") + "_*")
                        + ": SSL handshake failed: in detail");

        // Given
        kafka.put("tls-configuration-name", "own");

        // Then
        assertThat(refusals.explain(failure))
                .startsWith(sentence.formatted("quarkus.tls.own." + store + "-store"));
    }

    @Test
    void shouldLeaveOtherFailuresAsTheyAre() {
        assertThat(refusals.explain(new TopicAuthorizationException("Not authorized: [a]"))).isEqualTo("Not authorized: [a]");
    }
}
