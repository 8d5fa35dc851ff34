package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.storage.Formatter;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.Ports;
import io.strimzi.api.kafka.model.topic.KafkaTopic;

/** A broker like Strimzi's, and what its operators do: users, rights, topics. */
final class SecuredBroker implements AutoCloseable {

    private static final String STORE_PASSWORD = "changeit";
    private static final int ITERATIONS = 4096;

    private final Path directory;
    private final String user;
    private final int port = Ports.free();
    private final int certifiedPort = Ports.free();
    private final int operatorsPort = Ports.free();
    private final Path properties;
    private KafkaServer server;
    private final Admin admin;

    /** Starts it, with a user who may do nothing yet. */
    SecuredBroker(Path directory, String user, String password) throws Exception {
        this.directory = directory;
        this.user = user;
        renewCertificates();
        format(directory.resolve("data"));
        properties = Files.writeString(directory.resolve("server.properties"),
                """
                        process.roles=broker,controller
                        node.id=1
                        controller.quorum.voters=1@localhost:${controllers}
                        controller.listener.names=CONTROLLER
                        listeners=CLIENTS://localhost:${clients},CERTIFIED://localhost:${certified},OPERATORS://localhost:${operators},CONTROLLER://localhost:${controllers}
                        listener.security.protocol.map=CLIENTS:SASL_SSL,CERTIFIED:SSL,OPERATORS:PLAINTEXT,CONTROLLER:PLAINTEXT
                        inter.broker.listener.name=OPERATORS
                        log.dirs=${directory}/data
                        sasl.enabled.mechanisms=SCRAM-SHA-512
                        listener.name.clients.scram-sha-512.sasl.jaas.config=\
                          org.apache.kafka.common.security.scram.ScramLoginModule required;
                        ssl.keystore.type=PKCS12
                        ssl.keystore.location=${directory}/broker.p12
                        ssl.keystore.password=changeit
                        listener.name.certified.ssl.client.auth=required
                        listener.name.certified.ssl.truststore.type=PEM
                        listener.name.certified.ssl.truststore.location=${directory}/user.crt
                        ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/
                        authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
                        super.users=User:ANONYMOUS
                        auto.create.topics.enable=false
                        offsets.topic.num.partitions=1
                        offsets.topic.replication.factor=1
                        transaction.state.log.num.partitions=1
                        transaction.state.log.replication.factor=1
                        transaction.state.log.min.isr=1
                        group.initial.rebalance.delay.ms=0
                        """
                        .replace("${clients}", Integer.toString(port))
                        .replace("${certified}", Integer.toString(certifiedPort))
                        .replace("${operators}", Integer.toString(operatorsPort))
                        .replace("${controllers}", Integer.toString(Ports.free()))
                        .replace("${directory}", directory.toString()));
        this.server = new KafkaServer(properties, "localhost:" + operatorsPort);
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:" + operatorsPort));
        setPassword(password);
    }

    /** From now on the user logs in with it. */
    void setPassword(String password) throws Exception {
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user,
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password))).all().get();
    }

    /** Where clients connect that have to say who they are. */
    String address() {
        return "localhost:" + port;
    }

    /** The certificate of who has signed the broker's, which is itself; another one after a restart with others. */
    Path authority() {
        return directory.resolve("ca.crt");
    }

    /** Where clients connect that show a certificate. */
    String certifiedAddress() {
        return "localhost:" + certifiedPort;
    }

    /** Where clients connect without TLS. */
    String openAddress() {
        return "localhost:" + operatorsPort;
    }

    /**
     * Writes files that fit to the certificates the broker has had since it was last started.
     *
     * @param names of {@code user.crt}, {@code user.key} and {@code ca.crt}, which has the authority of the broker's
     */
    void hand(Path files, String... names) throws IOException {
        for (String name : names) {
            Files.copy(directory.resolve(name), files.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Starts it again, and from then on it shows another certificate, and takes no other than another one of the user. */
    void restartWithOtherCertificates() throws Exception {
        server.close();
        renewCertificates();
        server = new KafkaServer(properties, openAddress());
    }

    private void renewCertificates() throws Exception {
        KeyStore brokers = keys("broker");
        KeyStore users = keys("user", "-dname", "CN=" + user);
        write("ca.crt", "CERTIFICATE", brokers.getCertificate("broker").getEncoded());
        write("user.crt", "CERTIFICATE", users.getCertificate("user").getEncoded());
        write("user.key", "PRIVATE KEY", users.getKey("user", STORE_PASSWORD.toCharArray()).getEncoded());
    }

    private KeyStore keys(String alias, String... more) throws Exception {
        Path store = directory.resolve(alias + ".p12");
        Files.deleteIfExists(store);
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-ext",
                "san=dns:localhost", "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
        arguments.addAll(more.length == 0 ? List.of("-dname", "CN=" + alias) : List.of(more));
        keytool(arguments);
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, STORE_PASSWORD.toCharArray());
            return keys;
        }
    }

    private void write(String file, String what, byte[] content) throws IOException {
        Files.writeString(directory.resolve(file), "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content) + "\n-----END " + what + "-----\n");
    }

    private void keytool(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(Jdks.own().resolve("bin/keytool").toString()));
        command.addAll(arguments);
        AppProcess keytool = AppProcess.start(command, directory, Map.of());
        assertThat(keytool.awaitExit(PATIENCE)).as(keytool::lastLines).isZero();
    }

    private static void format(Path data) throws Exception {
        Files.createDirectories(data);
        new Formatter().setClusterId(Uuid.randomUuid().toString()).setNodeId(1).setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data.toString()).addDirectory(data.toString()).run();
    }

    /** As the topic operator does, but for the replicas, of which one broker has one. */
    void make(List<KafkaTopic> topics) throws Exception {
        admin.createTopics(topics.stream().map(topic -> {
            Map<String, String> configs = topic.getSpec().getConfig().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toString()));
            configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1");
            return new NewTopic(topic.getMetadata().getName(), topic.getSpec().getPartitions(), (short) 1).configs(configs);
        }).toList()).all().get();
    }

    /** As the user operator does. */
    void grant(Manifest rights) throws Exception {
        admin.createAcls(bindings(rights)).all().get();
    }

    /** What a KafkaUser is granted, one by one. */
    List<AclBinding> bindings(Manifest rights) {
        assertThat(rights.name()).isEqualTo(user);
        List<AclBinding> bindings = new ArrayList<>();
        for (JsonNode rule : rights.json().at("/spec/authorization/acls")) {
            for (JsonNode operation : rule.get("operations")) {
                bindings.add(new AclBinding(resource(rule.get("resource")), new AccessControlEntry("User:" + user, "*",
                        AclOperation.fromString(operation.asText()), AclPermissionType.ALLOW)));
            }
        }
        return bindings;
    }

    /** From now on the user may do this, or may not. */
    void change(ResourcePattern resource, AclOperation operation, boolean isAllowed) throws Exception {
        AclBinding binding = new AclBinding(resource,
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
        if (isAllowed) {
            admin.createAcls(List.of(binding)).all().get();
        } else {
            assertThat(admin.deleteAcls(List.of(binding.toFilter())).all().get()).isNotEmpty();
        }
    }

    private static ResourcePattern resource(JsonNode resource) {
        String type = resource.get("type").asText();
        return new ResourcePattern(
                type.equals("transactionalId") ? ResourceType.TRANSACTIONAL_ID : ResourceType.fromString(type),
                resource.get("name").asText(),
                resource.path("patternType").asText().equals("prefix") ? PatternType.PREFIXED : PatternType.LITERAL);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        server.close();
    }
}
