package io.orderstream.deploy;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;

/** A broker as a process, with whatever properties a file has. */
final class KafkaServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AppProcess process;

    /**
     * Starts it, and returns when it takes connections.
     *
     * @param properties server.properties; its directories are formatted
     * @param bootstrapServers a listener that asks nobody for a name
     */
    KafkaServer(Path properties, String bootstrapServers) {
        process = JavaPrograms.start(KafkaMain.class, JavaPrograms.FRUGAL, Map.of(), properties.toString(),
                Long.toString(ProcessHandle.current().pid()));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            await().atMost(PATIENCE).until(() -> answers(admin));
        } catch (RuntimeException | Error e) {
            process.close();
            throw new AssertionError("the broker does not run" + process.lastLines(), e);
        }
    }

    private boolean answers(Admin admin) throws InterruptedException {
        if (!process.isAlive()) {
            throw new AssertionError("it has ended");
        }
        try {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            return false;
        }
    }

    List<String> lines() {
        return process.lines();
    }

    /** Ends it without a chance to say goodbye. */
    @Override
    public void close() {
        process.close();
    }
}
