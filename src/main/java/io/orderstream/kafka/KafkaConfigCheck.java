package io.orderstream.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.eclipse.microprofile.config.Config;

import io.orderstream.settings.InvalidSettingException;
import io.orderstream.settings.StartFailure;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfiguration;
import io.smallrye.common.annotation.Identifier;

/**
 * Refuses a start whose Kafka properties no client accepts, before anything connects. Otherwise clients would be tried, some
 * of them in vain again and again, until SmallRye gives up with stack traces.
 */
@ApplicationScoped
public class KafkaConfigCheck {

    private static final Pattern CHANNEL = Pattern
            .compile("mp\\.messaging\\.(incoming|outgoing|connector)\\.[^.]+\\.(?<name>.+)");
    private static final List<String> FILES = List.of(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
            SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
    private static final List<String> TLS = Stream.concat(FILES.stream(),
            Stream.of(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
                    KafkaTls.NAME))
            .toList();
    /** What a TLS configuration has of its own, so that these would be ignored beside it. */
    private static final List<String> INSTEAD_OF_TLS = List.of(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
            SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG,
            SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG,
            SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, SslConfigs.SSL_KEYSTORE_KEY_CONFIG,
            SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, SslConfigs.SSL_KEY_PASSWORD_CONFIG,
            SslConfigs.SSL_PROTOCOL_CONFIG, SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, SslConfigs.SSL_CIPHER_SUITES_CONFIG);
    private static final List<String> SASL = List.of(SaslConfigs.SASL_JAAS_CONFIG);
    private static final Set<String> MECHANISMS = Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "GSSAPI");
    // Their login asks a server, which may be away at the start like a broker.
    private static final Set<String> ASKING = Set.of("OAUTHBEARER", "GSSAPI");
    // Attributes of SmallRye's channels that have a meaning of their own beside the property of Kafka's.
    private static final Set<String> OF_CHANNELS = Set.of("retries");

    private final Map<String, Object> kafka;
    private final Config config;
    private final KafkaTls tls;

    KafkaConfigCheck(@Identifier("default-kafka-broker") Map<String, Object> kafka, Config config, KafkaTls tls) {
        this.kafka = kafka;
        this.tls = tls;
        this.config = config;
    }

    void start(@Observes @Priority(Lifecycle.Start.KAFKA_CONFIG) StartupEvent event) {
        check();
    }

    /** @throws InvalidSettingException naming the property that is invalid */
    void check() {
        kafka.forEach((name, value) -> checkValue("kafka." + name, name, value));
        config.getPropertyNames().forEach(property -> {
            Matcher channel = CHANNEL.matcher(property);
            if (channel.matches() && !OF_CHANNELS.contains(channel.group("name"))) {
                config.getOptionalValue(property, String.class)
                        .ifPresent(value -> checkValue(property, channel.group("name"), value));
            }
        });
        checkSecurity();
    }

    private static void checkValue(String property, String name, Object value) {
        Stream.of(AdminClientConfig.configDef(), ConsumerConfig.configDef(), ProducerConfig.configDef())
                .map(definition -> definition.configKeys().get(name)).filter(key -> key != null)
                .forEach(key -> checkValue(property, key, value));
    }

    private static void checkValue(String property, ConfigDef.ConfigKey key, Object value) {
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
        } catch (ConfigException e) {
            throw new InvalidSettingException("The Kafka property " + property + " is invalid: " + e.getMessage() + ".");
        }
    }

    private void checkSecurity() {
        String protocol = text(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL)
                .toUpperCase(Locale.ROOT);
        requireIn(protocol, "SSL", TLS);
        requireIn(protocol, "SASL", SASL);
        requireTlsConfiguration();
        FILES.stream().filter(kafka::containsKey).forEach(this::requireReadable);
        String mechanism = text(SaslConfigs.SASL_MECHANISM, SaslConfigs.DEFAULT_SASL_MECHANISM);
        // A login module of somebody else's may bring a mechanism of its own.
        if (text(SaslConfigs.SASL_JAAS_CONFIG, "").startsWith("org.apache.kafka.") && !MECHANISMS.contains(mechanism)) {
            throw new InvalidSettingException(
                    "kafka.sasl.mechanism must be one of " + String.join(", ", MECHANISMS.stream().sorted().toList())
                            + ", but is '" + mechanism + "'.");
        }
        boolean isSasl = protocol.contains("SASL");
        if (isSasl) {
            requireLogin(protocol);
        }
        if (!isSasl || !ASKING.contains(mechanism)) {
            loadSecrets();
        }
    }

    /** What is meant to protect a connection must not be ignored because the protocol does not use it. */
    private void requireIn(String protocol, String part, List<String> properties) {
        properties.stream().filter(kafka::containsKey).filter(property -> !protocol.contains(part)).findFirst()
                .ifPresent(property -> {
                    throw new InvalidSettingException("kafka.security.protocol must have " + part + " in it, since kafka."
                            + property + " is set, but is '" + protocol + "'.");
                });
    }

    private void requireTlsConfiguration() {
        if (!kafka.containsKey(KafkaTls.NAME)) {
            return;
        }
        TlsConfiguration named = tls.named(kafka).orElseThrow(() -> new InvalidSettingException("KAFKA_TLS_CONFIGURATION_NAME"
                + " must name a TLS configuration (quarkus.tls.<name>), but there is no '" + kafka.get(KafkaTls.NAME) + "'."));
        INSTEAD_OF_TLS.stream().filter(kafka::containsKey).findFirst().ifPresent(property -> {
            throw new InvalidSettingException("kafka." + property + " must not be set, since the TLS configuration that"
                    + " KAFKA_TLS_CONFIGURATION_NAME names is used in its place.");
        });
        if (!named.getSSLOptions().getCrlValues().isEmpty() || !named.getSSLOptions().getCrlPaths().isEmpty()) {
            throw new InvalidSettingException("The TLS configuration that KAFKA_TLS_CONFIGURATION_NAME names must have no"
                    + " certificate-revocation-list, since Kafka's clients would ignore it.");
        }
    }

    /** Kafka would log a stack trace. */
    private void requireReadable(String property) {
        String file = text(property, "");
        if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
            throw new InvalidSettingException("kafka." + property + " must be a file that can be read, but is '" + file + "'.");
        }
    }

    /** Loads keys, certificates and credentials, as each client does before it connects. */
    private void loadSecrets() {
        Map<String, Object> client = new HashMap<>(kafka);
        client.keySet().retainAll(AdminClientConfig.configNames());
        tls.complete(kafka, client);
        try {
            ChannelBuilder builder = ClientUtils.createChannelBuilder(new AdminClientConfig(client), Time.SYSTEM,
                    new LogContext());
            builder.close();
        } catch (KafkaException | IllegalArgumentException e) {
            throw new InvalidSettingException("The Kafka clients cannot be made of their properties (kafka.*): "
                    + new StartFailure(e).reason() + ".");
        }
    }

    /** Kafka's message would repeat a part of the text, which may be a part of the password. */
    private void requireLogin(String protocol) {
        String jaas = text(SaslConfigs.SASL_JAAS_CONFIG, "");
        try {
            JaasContext.loadClientContext(jaas.isEmpty() ? Map.of() : Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(jaas)));
        } catch (RuntimeException e) {
            throw new InvalidSettingException("kafka.sasl.jaas.config must be a login module such as "
                    + "'org.apache.kafka.common.security.plain.PlainLoginModule required username=\"...\" password=\"...\";', "
                    + "since kafka.security.protocol is '" + protocol + "', but is not.");
        }
    }

    private String text(String property, String whenUnset) {
        Object value = kafka.get(property);
        return value == null ? whenUnset : value.toString();
    }
}
