package io.orderstream.dev;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

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
 * <p>
 * They run across live reloads: Quarkus discards the application's class loader, and with it every field that refers to a
 * server; a registered MBean survives, and any later application can stop it.
 */
@IfBuildProfile("dev")
@ApplicationScoped
public class DevEnvironment {

    private static final Logger LOG = Logger.getLogger(DevEnvironment.class);

    private static final String DOMAIN = "io.orderstream.dev";

    private final Config config;
    private final Path directory;

    /** Management interface of a registered server. */
    public interface StoppableMBean {
        void stop() throws Exception;
    }

    DevEnvironment(Config config) {
        this.config = config;
        this.directory = Path.of(config.getValue("orderstream.dev.directory", String.class));
    }

    void start(@Observes @Priority(Lifecycle.Start.DEV_SERVICES) StartupEvent event) throws IOException {
        int kafkaPort = config.getValue("orderstream.dev.kafka-port", Integer.class);
        if (isOurs("KAFKA_BOOTSTRAP_SERVERS", kafkaPort)) {
            keep("EmbeddedKafka", new EmbeddedKafka(kafkaPort, directory.resolve("kafka")).start().forgetMembers());
            LOG.infof("embedded broker started: port=%d data=%s", kafkaPort, directory);
        }
        int registryPort = config.getValue("orderstream.dev.registry-port", Integer.class);
        if (isOurs("SCHEMA_REGISTRY_URL", registryPort)) {
            keep("EmbeddedRegistry", new EmbeddedRegistry(registryPort, directory.resolve("registry.json")));
            LOG.infof("embedded registry started: port=%d data=%s", registryPort, directory);
        }
    }

    /** Stops them after all clients are closed and the last commit is made; not on a live reload. */
    static void stop(@Observes @Destroyed(ApplicationScoped.class) Object event) {
        if (ApplicationLifecycleManager.isVmShuttingDown()) {
            stopAll();
        }
    }

    private static void keep(String name, AutoCloseable server) {
        try {
            StoppableMBean stoppable = server::close;
            mbeans().registerMBean(new StandardMBean(stoppable, StoppableMBean.class),
                    new ObjectName(DOMAIN + ":type=" + name));
        } catch (JMException e) {
            throw new IllegalStateException("cannot keep " + name, e);
        }
    }

    private static void stopAll() {
        try {
            for (ObjectName name : mbeans().queryNames(new ObjectName(DOMAIN + ":*"), null)) {
                mbeans().invoke(name, "stop", new Object[0], new String[0]);
                mbeans().unregisterMBean(name);
            }
        } catch (JMException e) {
            throw new IllegalStateException("cannot stop what dev mode started", e);
        }
    }

    private static MBeanServer mbeans() {
        return ManagementFactory.getPlatformMBeanServer();
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
