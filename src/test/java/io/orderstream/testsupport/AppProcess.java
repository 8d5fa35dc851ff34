package io.orderstream.testsupport;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.core.ConditionTimeoutException;

import io.orderstream.Settings;
import io.orderstream.settings.SettingRule;

/**
 * A program as a process of its own: its output is collected, and neither it nor what it has started outlives {@link #close()}.
 * Settings of orderstream are not inherited. To be used by one thread.
 */
public final class AppProcess implements AutoCloseable {

    private static final int LINES_SHOWN = 60;
    private static final int SIGINT = 2;

    private final Process process;
    private final Set<ProcessHandle> family = new LinkedHashSet<>();
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private int firstLine;

    private AppProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::collect, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a program that reads nothing from its console.
     *
     * @param command the program and its arguments
     * @param directory where it works
     * @param environment added to that of this JVM
     */
    public static AppProcess start(List<String> command, Path directory, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        Settings.mappings().stream().flatMap(SettingRule::of).map(SettingRule::env).forEach(builder.environment()::remove);
        builder.environment().putAll(environment);
        try {
            AppProcess started = new AppProcess(builder.start());
            started.process.getOutputStream().close();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void collect() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            synchronized (lines) {
                lines.add("(the output cannot be read any more: " + e + ")");
            }
        }
    }

    /** What was printed since the start, or since {@link #skipOutput()}. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines.subList(firstLine, lines.size()));
        }
    }

    /** From here on only lines count that are printed later. */
    public void skipOutput() {
        synchronized (lines) {
            firstLine = lines.size();
        }
    }

    /** Every match of an expression, at most one a line. */
    public List<MatchResult> matches(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return lines().stream().map(pattern::matcher).filter(Matcher::find).map(Matcher::toMatchResult).toList();
    }

    /** Waits for a line in which the expression is found; fails at once when the program ends without it. */
    public MatchResult awaitLine(String regex, Duration timeout) {
        try {
            MatchResult found = await().atMost(timeout).until(() -> find(regex), Optional::isPresent).orElseThrow();
            remember();
            return found;
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no line with '" + regex + "' within " + timeout + lastLines(), e);
        }
    }

    /** Where a packaged application has its health and metrics, once it has started. */
    public String managementUrl() {
        return awaitLine(" listening on (http://[^:]+:\\d+)", PATIENCE).group(1).replace("0.0.0.0", "localhost");
    }

    private Optional<MatchResult> find(String regex) {
        boolean ended = !reader.isAlive();
        Optional<MatchResult> found = matches(regex).stream().findFirst();
        if (ended && found.isEmpty()) {
            throw new AssertionError("the program ended without a line with '" + regex + "'" + lastLines());
        }
        return found;
    }

    /** The end of its output, for the message of a failure. */
    public String lastLines() {
        synchronized (lines) {
            return "; its last lines:\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        }
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, as {@code docker stop} and Kubernetes do. */
    public void terminate() {
        remember();
        // Process.destroy() would close its output with it, and with that its last words.
        process.toHandle().destroy();
    }

    /** It stands still, as if its machine was suspended, until it is told to {@link #goOn}. */
    public void standStill() {
        signal("-STOP");
    }

    /** Ends a standstill. */
    public void goOn() {
        signal("-CONT");
    }

    private void signal(String signal) {
        run(List.of("kill", signal, Long.toString(process.pid())));
    }

    private static void run(List<String> command) {
        try {
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ctrl+C: the program and all it has started are interrupted, as a terminal does. */
    public void interrupt() {
        remember();
        // What a script starts in the background ignores Ctrl+C, and hands that down to its children.
        String signal = ignoresInterrupts() ? "-TERM" : "-INT";
        List<String> command = new ArrayList<>(List.of("kill", signal));
        family.stream().filter(ProcessHandle::isAlive).map(member -> Long.toString(member.pid())).forEach(command::add);
        run(command);
    }

    private boolean ignoresInterrupts() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.split("\\s+")[1], 16) >> (SIGINT - 1) & 1) == 1);
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends it with all it has started, without asking. */
    public void kill() {
        remember();
        family.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * Waits until it, all it has started, and its output have ended. Gives its exit code.
     *
     * @throws AssertionError if they have not by then
     */
    public int awaitExit(Duration timeout) {
        remember();
        try {
            await().atMost(timeout).until(() -> !reader.isAlive() && family.stream().noneMatch(ProcessHandle::isAlive));
            // A process that has ended may not have told its code yet.
            return process.waitFor();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not ended within " + timeout + lastLines(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whoever is orphaned later must still be found. */
    private void remember() {
        family.add(process.toHandle());
        process.descendants().forEach(family::add);
    }

    @Override
    public void close() {
        kill();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
