package io.orderstream.kafka;

import java.security.cert.CertificateExpiredException;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

import io.orderstream.support.Failures;
import io.smallrye.common.annotation.Identifier;

/** Says which setting is the matter when a broker takes no connection. A secret is in none of the sentences. Thread safe. */
@ApplicationScoped
public class BrokerRefusals {

    private final Map<String, Object> kafka;

    BrokerRefusals(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.kafka = kafka;
    }

    /** Returns the reason of a failure in one line, and before it what to look at if that is known. */
    String explain(Throwable failure) {
        Throwable refusal = failure;
        while (refusal.getCause() != null && !isRefusal(refusal)) {
            refusal = refusal.getCause();
        }
        String setting = setting(refusal);
        if (setting == null) {
            return Failures.shown(failure);
        }
        Throwable root = Failures.root(refusal);
        return setting + ": " + Failures.shown(refusal) + (root == refusal ? "" : ": " + Failures.shown(root));
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof SaslAuthenticationException || failure instanceof UnsupportedSaslMechanismException
                || failure instanceof IllegalSaslStateException || failure instanceof SslAuthenticationException;
    }

    private String setting(Throwable refusal) {
        if (refusal instanceof SaslAuthenticationException) {
            return "the broker does not take the user or the password in KAFKA_SASL_JAAS_CONFIG";
        }
        if (refusal instanceof UnsupportedSaslMechanismException) {
            return "the broker does not take KAFKA_SASL_MECHANISM=" + text(SaslConfigs.SASL_MECHANISM);
        }
        if (refusal instanceof IllegalSaslStateException) {
            return "the listener is not for KAFKA_SECURITY_PROTOCOL=" + text(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        }
        return refusal instanceof SslAuthenticationException ? tls(whole(refusal)) : null;
    }

    /** What the failure and its causes say. */
    private static String whole(Throwable failure) {
        StringBuilder said = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            said.append(each).append('\n');
        }
        return said.toString();
    }

    /** By what Java says of a handshake that has failed. */
    private String tls(String said) {
        if (said.contains("Received fatal alert")) {
            return said.contains("handshake_failure") || said.contains("protocol_version")
                    ? "the broker takes no protocol or cipher suite, or not the certificate, of "
                            + store("key-store", "KEYSTORE")
                    : "the broker does not take the certificate of " + store("key-store", "KEYSTORE");
        }
        if (said.contains("No subject alternative") || said.contains("No name matching")) {
            return "the certificate of the broker is not for the host name in KAFKA_BOOTSTRAP_SERVERS or in its advertised"
                    + " listeners";
        }
        if (said.contains(CertificateExpiredException.class.getSimpleName())) {
            return "the certificate of the broker has expired, or that of who has signed it";
        }
        if (said.contains("PKIX") || said.contains("CertPath") || said.contains("SignatureException")) {
            return "the certificate of the broker is of nobody that is trusted by " + store("trust-store", "TRUSTSTORE");
        }
        return "no TLS connection is made, see KAFKA_SECURITY_PROTOCOL and " + store("trust-store", "TRUSTSTORE");
    }

    private String store(String ofTls, String ofKafka) {
        Object name = kafka.get(KafkaTls.NAME);
        return name == null ? "KAFKA_SSL_" + ofKafka + "_*" : "quarkus.tls." + name + "." + ofTls;
    }

    private String text(String property) {
        return String.valueOf(kafka.get(property));
    }
}
