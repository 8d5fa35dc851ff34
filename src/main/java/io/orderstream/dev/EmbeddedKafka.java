package io.orderstream.dev;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
 * A real Kafka broker in this JVM: one node in KRaft mode, broker and controller, on the loopback address. It keeps its data in
 * a directory, so that a broker started again on it goes on where it stopped. Not thread safe.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final String NODE_ID = "1";
    private static final int LOWEST_PORT = 20_000;
    private static final int PROCESSES = 24;
    private static final int PORTS_OF_A_PROCESS = 500;

    private final int port;
    private final int controllerPort;
    private final Path directory;
    private KafkaRaftServer server;

    /**
     * @param port port to listen on, 0 for a free one
     * @param directory where the broker keeps its data; made if missing
     */
    public EmbeddedKafka(int port, Path directory) {
        List<Integer> free = freePorts();
        this.port = port == 0 ? free.get(0) : port;
        this.controllerPort = free.get(1);
        this.directory = directory;
    }

    /**
     * Formats the directory if it is new, and starts the broker. Returns when it takes connections, after about two seconds.
     */
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
        // One node has one replica of everything.
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        // Topics are created by the application; a mistyped name is an error here, as it is in production.
        properties.put("auto.create.topics.enable", "false");
        // Few and small files: it is one developer's broker.
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("log.index.size.max.bytes", "1048576");
        // A node that was killed is let in again when its session is over; nobody else could have taken its place.
        properties.put("broker.session.timeout.ms", "2000");
        properties.put("broker.heartbeat.interval.ms", "400");
        // Nobody else is about to join the group.
        properties.put("group.initial.rebalance.delay.ms", "0");
        return properties;
    }

    /**
     * Removes all members from all consumer groups. Those of a program that was killed would be waited for until their sessions
     * end:
     * for who starts the broker before any of its clients.
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

    /** Where clients connect, {@code localhost:port}. */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    /** Stops the broker, if it runs; its data stay. Blocks until it is down. */
    @Override
    public void close() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /**
     * Two of this process's own, below those systems give away: nobody else is given them before the broker has bound them, or
     * while it is away to be started again.
     */
    private static List<Integer> freePorts() {
        int lowest = LOWEST_PORT + (int) (ProcessHandle.current().pid() % PROCESSES) * PORTS_OF_A_PROCESS;
        return RandomGenerator.getDefault().ints(lowest, lowest + PORTS_OF_A_PROCESS).distinct()
                .filter(EmbeddedKafka::isFree).limit(2).boxed().toList();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
