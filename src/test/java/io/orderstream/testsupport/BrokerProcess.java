package io.orderstream.testsupport;

import static io.orderstream.testsupport.Patience.PATIENCE;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A broker in a JVM of its own, which can be taken away and brought back on the same port and with the same data. To be used by
 * one thread.
 */
public final class BrokerProcess implements AutoCloseable {

    private final Path directory;
    private final List<String> options;
    private final int port;
    private AppProcess process;

    /**
     * @param directory where it keeps its data, which has to exist
     * @param options options of its JVM
     */
    public BrokerProcess(Path directory, List<String> options) {
        this.directory = directory.toAbsolutePath();
        this.options = options;
        this.port = Ports.free();
    }

    /** Starts it, and returns when it takes connections. */
    public BrokerProcess start() {
        process = JavaPrograms.start(BrokerMain.class, options, Map.of(), Integer.toString(port),
                directory.resolve("data").toString(), Long.toString(ProcessHandle.current().pid()));
        process.awaitLine(BrokerMain.RUNNING, PATIENCE);
        return this;
    }

    /** Ends it, with or without a chance to say goodbye to its clients. Its data stay. */
    public void stop(boolean gracefully) {
        if (gracefully) {
            process.terminate();
        } else {
            process.kill();
        }
        process.awaitExit(PATIENCE);
    }

    /** It answers nobody until it is told to {@link #goOn}, and then takes those for dead that it has not heard. */
    public void standStill() {
        process.standStill();
    }

    /** Ends a standstill. */
    public void goOn() {
        process.goOn();
    }

    /** The process it is now. */
    public ProcessHandle handle() {
        return process.handle();
    }

    /** Where clients connect, {@code localhost:port}. */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
