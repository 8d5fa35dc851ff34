package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.ObjectName;

import org.awaitility.Awaitility;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

import io.orderstream.dev.EmbeddedKafka;

/**
 * What all tests of a JVM share: the {@link Heartbeat}, and a broker for those that do not take it away. At its end a
 * JVM tells how many {@link TimedTest}s were played again in all JVMs of the run up to then.
 * <p>
 * Tests ask through the JVM's MBean server, since Quarkus loads their classes once more for each application.
 */
public final class TestRun implements LauncherSessionListener, TestExecutionListener, TestRunMBean {

    private static final String NAME = "io.orderstream.testsupport:type=TestRun";
    private static final Path REPLAYS = Path.of("target", "replays",
            System.getProperty("test.run", Long.toString(ProcessHandle.current().pid())));
    private static final String WILL_RETRY = "will retry";

    private final Set<String> replayed = ConcurrentHashMap.newKeySet();
    private final Heartbeat heartbeat = new Heartbeat();
    private Path directory;
    private EmbeddedKafka kafka;

    /**
     * Where clients connect to a broker that is never away. Tests have topics of their own in it.
     */
    public static String sharedBroker() {
        return (String) ask("bootstrapServers");
    }

    /**
     * How much of a time span the machine was not there for the tests.
     *
     * @param begin its begin, by {@link System#nanoTime()}
     * @param end its end
     * @param mostWaited waiting for a processor counts no more than this
     */
    public static Duration lost(long begin, long end, Duration mostWaited) {
        return Duration.ofNanos((long) ask("lostNanos", begin, end, mostWaited.toNanos()));
    }

    private static Object ask(String operation, Object... arguments) {
        String[] types = Stream.of(arguments).map(argument -> argument instanceof Long ? "long" : String.class.getName())
                .toArray(String[]::new);
        try {
            return ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName(NAME), operation, arguments, types);
        } catch (JMException e) {
            throw new IllegalStateException(operation + " of " + TestRun.class + ": is it registered in META-INF/services?", e);
        }
    }

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        session.getLauncher().registerTestExecutionListeners(this);
    }

    /**
     * Once for each class, or for all of them. Not where Surefire only looks which tests there are, in Maven's own JVM.
     * Surefire and Quarkus open a session each, with a listener of its own: the first serves both.
     */
    @Override
    public synchronized void testPlanExecutionStarted(TestPlan plan) {
        if (isRegistered()) {
            return;
        }
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(this, new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
        heartbeat.start();
        Awaitility.setDefaultTimeout(Patience.PATIENCE);
    }

    private static boolean isRegistered() {
        try {
            return ManagementFactory.getPlatformMBeanServer().isRegistered(new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long lostNanos(long begin, long end, long mostWaited) {
        return heartbeat.lostNanos(begin, end, mostWaited);
    }

    @Override
    public synchronized String bootstrapServers() {
        Thread caller = Thread.currentThread();
        ClassLoader ofApplication = caller.getContextClassLoader();
        try {
            if (kafka == null) {
                // The broker looks up classes by name, and outlives the application whose test asks first.
                caller.setContextClassLoader(TestRun.class.getClassLoader());
                directory = Files.createTempDirectory("orderstream-broker");
                kafka = new EmbeddedKafka(0, directory).start();
            }
            return kafka.bootstrapServers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            caller.setContextClassLoader(ofApplication);
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED
                && result.getThrowable().filter(why -> String.valueOf(why.getMessage()).contains(WILL_RETRY)).isPresent()) {
            ask("replayed", test.getUniqueId());
        }
    }

    @Override
    public void replayed(String test) {
        replayed.add(test);
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (isRegistered()) {
            ask("end");
        }
    }

    @Override
    public synchronized void end() throws IOException {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(NAME));
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
        tellReplays();
        if (kafka != null) {
            kafka.close();
            kafka = null;
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void tellReplays() throws IOException {
        Files.createDirectories(REPLAYS.getParent());
        Files.write(REPLAYS, replayed, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        List<String> all = Files.readAllLines(REPLAYS);
        System.out.println("timed tests played again in this run so far: " + all.size() + (all.isEmpty() ? "" : " " + all));
    }
}
