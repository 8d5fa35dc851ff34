package io.orderstream.dev;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.random.RandomGenerator;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

/**
 * Kafka broker in this JVM: a single KRaft node (broker and controller) on the loopback address, with its data in a
 * directory so that it can be restarted. Not thread safe.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final String NODE_ID = "1";
    private static final int LOWEST_PORT = 20_000;
    private static final int PROCESSES = 24;
    private static final int PORTS_OF_A_PROCESS = 500;

    private final int port;
    private final int controllerPort;
    private final Path directory;
    private final Map<String, String> more;
    private KafkaRaftServer server;

    /**
     * @param port port to listen on, 0 for a free one
     * @param directory data directory, created if missing
     */
    public EmbeddedKafka(int port, Path directory) {
        this(port, directory, Map.of());
    }

    /**
     * @param more further properties of the broker, which win; with the port of its first listener for {@code ${port}} and that
     *        of the controller for {@code ${controllerPort}}
     */
    public EmbeddedKafka(int port, Path directory, Map<String, String> more) {
        this.port = port == 0 ? freePort(port) : port;
        this.controllerPort = freePort(this.port);
        this.directory = directory;
        this.more = more;
    }

    /** Formats the directory if it is new and starts the broker. Blocks until it accepts connections, about 2 s. */
    public EmbeddedKafka start() {
        if (!Files.exists(directory.resolve("meta.properties"))) {
            format();
        }
        server = new KafkaRaftServer(KafkaConfig.fromProps(properties()), Time.SYSTEM);
        server.startup();
        return this;
    }

    private void format() {
        try {
            Files.createDirectories(directory);
            new Formatter().setClusterId(Uuid.randomUuid().toString()).setNodeId(Integer.parseInt(NODE_ID))
                    .setControllerListenerName("CONTROLLER").setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString()).setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + directory + " for the embedded broker", e);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", NODE_ID);
        properties.put("controller.quorum.voters", NODE_ID + "@localhost:" + controllerPort);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", directory.toString());
        // A single node allows one replica only.
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        // The application creates its topics; a mistyped name must be an error, as in production.
        properties.put("auto.create.topics.enable", "false");
        // Few partitions and small files suffice for one developer.
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("log.index.size.max.bytes", "1048576");
        // Compacted soon: a broker that is started after a kill has little to load (docs/outages.md).
        properties.put("offsets.topic.segment.bytes", "1048576");
        properties.put("log.cleaner.dedupe.buffer.size", "8388608");
        // A killed broker can register again only after its session has expired: keep that short.
        properties.put("broker.session.timeout.ms", "2000");
        properties.put("broker.heartbeat.interval.ms", "400");
        // No other member is about to join the group.
        properties.put("group.initial.rebalance.delay.ms", "0");
        more.forEach((name, value) -> properties.put(name, value.replace("${port}", Integer.toString(port))
                .replace("${controllerPort}", Integer.toString(controllerPort))));
        return properties;
    }

    /**
     * Removes all members of all consumer groups. Otherwise a new member would wait for the session timeout of those
     * that were killed. Call before any client starts.
     */
    EmbeddedKafka forgetMembers() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            for (GroupListing group : admin.listGroups(ListGroupsOptions.forConsumerGroups()
                    .inGroupStates(Set.of(GroupState.STABLE, GroupState.PREPARING_REBALANCE, GroupState.COMPLETING_REBALANCE)))
                    .all().toCompletionStage().toCompletableFuture().join()) {
                admin.removeMembersFromConsumerGroup(group.groupId(), new RemoveMembersFromConsumerGroupOptions()).all()
                        .toCompletionStage().toCompletableFuture().join();
            }
        }
        return this;
    }

    /** Value for {@code bootstrap.servers}: {@code localhost:port}. */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    /** Stops the broker if it is running and blocks until it is down; its data is kept. */
    @Override
    public void close() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /**
     * Returns a free port other than the given one, from a range derived from the process id, below the ephemeral range: no
     * other process gets it before the broker binds it, or while it restarts.
     */
    private static int freePort(int taken) {
        int lowest = LOWEST_PORT + (int) (ProcessHandle.current().pid() % PROCESSES) * PORTS_OF_A_PROCESS;
        return RandomGenerator.getDefault().ints(lowest, lowest + PORTS_OF_A_PROCESS)
                .filter(port -> port != taken && isFree(port)).findFirst().orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
