package io.orderstream.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Destroyed;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

import io.orderstream.support.Lifecycle;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.StartupEvent;

/**
 * Starts an embedded broker and schema registry in dev mode before any client connects, unless others are configured
 * or their ports are in use, as after a live reload. Their data is kept under {@code target/}.
 */
@IfBuildProfile("dev")
@ApplicationScoped
public class DevEnvironment {

    private static final Logger LOG = Logger.getLogger(DevEnvironment.class);

    private final Config config;
    private final Path directory;

    DevEnvironment(Config config) {
        this.config = config;
        this.directory = Path.of(config.getValue("orderstream.dev.directory", String.class));
    }

    void start(@Observes @Priority(Lifecycle.Start.DEV_SERVICES) StartupEvent event) throws IOException {
        int kafkaPort = config.getValue("orderstream.dev.kafka-port", Integer.class);
        if (isOurs("KAFKA_BOOTSTRAP_SERVERS", kafkaPort)) {
            JvmResident.keep("EmbeddedKafka", new EmbeddedKafka(kafkaPort, directory.resolve("kafka")).start().forgetMembers());
            LOG.infof("embedded broker started: port=%d data=%s", kafkaPort, directory);
        }
        int registryPort = config.getValue("orderstream.dev.registry-port", Integer.class);
        if (isOurs("SCHEMA_REGISTRY_URL", registryPort)) {
            JvmResident.keep("EmbeddedRegistry",
                    new EmbeddedRegistry(registryPort, directory.resolve("registry.json")));
            LOG.infof("embedded registry started: port=%d data=%s", registryPort, directory);
        }
    }

    /** Stops them after all clients are closed and the last commit is made; not on a live reload. */
    static void stop(@Observes @Destroyed(ApplicationScoped.class) Object event) {
        if (ApplicationLifecycleManager.isVmShuttingDown()) {
            JvmResident.stopAll();
        }
    }

    private boolean isOurs(String setting, int port) {
        if (config.getOptionalValue(setting, String.class).isPresent()) {
            LOG.infof("nothing embedded: %s is set", setting);
            return false;
        }
        return !answers(port);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
