package io.orderstream.testsupport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import io.orderstream.dev.EmbeddedKafka;

/**
 * A broker in this JVM that asks clients who they are, and lets its user do what it was granted. Who connects to
 * {@link #openAddress()} may do everything. Not thread safe.
 */
public final class GuardedBroker implements AutoCloseable {

    public static final String PASSWORD = "app-secret";
    private static final String USER = "app";

    private final int guardedPort = Ports.free();
    private final EmbeddedKafka kafka;
    private final Admin admin;

    /** Starts it, with a user who may do nothing yet. */
    public GuardedBroker(Path directory) {
        Map<String, String> settings = new HashMap<>(Map.of("listeners",
                "PLAINTEXT://localhost:${port},GUARDED://localhost:" + guardedPort
                        + ",CONTROLLER://localhost:${controllerPort}",
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,GUARDED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "PLAINTEXT", "sasl.enabled.mechanisms", "PLAIN",
                "listener.name.guarded.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + USER + "=\"" + PASSWORD + "\";",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users",
                "User:ANONYMOUS", "group.min.session.timeout.ms", "1000"));
        kafka = new EmbeddedKafka(0, directory, settings).start();
        admin = Admin.create(Map.of("bootstrap.servers", openAddress()));
    }

    /** Where everybody may do everything. */
    public String openAddress() {
        return kafka.bootstrapServers();
    }

    /** The properties of a client that connects as the user. */
    public Map<String, Object> client(String password) {
        return Map.of("bootstrap.servers", "localhost:" + guardedPort, "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism",
                "PLAIN", "sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
                        + USER + "\" password=\"" + password + "\";");
    }

    /** From now on the user may do this. */
    public void grant(ResourceType type, String name, AclOperation operation) {
        await(admin.createAcls(List.of(binding(type, name, operation))).all());
    }

    /** From now on the user may not do this any more. */
    public void revoke(ResourceType type, String name, AclOperation operation) {
        await(admin.deleteAcls(List.of(binding(type, name, operation).toFilter())).all());
    }

    private static AclBinding binding(ResourceType type, String name, AclOperation operation) {
        return new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + USER, "*", operation, AclPermissionType.ALLOW));
    }

    private static void await(KafkaFuture<?> done) {
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        kafka.close();
    }
}
