package io.orderstream.dev;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

import io.orderstream.dev.ShortLine.What;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.settings.InvalidSettingException;
import io.orderstream.settings.OperationSettings;
import io.orderstream.settings.OperationSettings.LogFormat;
import io.orderstream.settings.OperationSettings.LogLevel;
import io.orderstream.support.Lifecycle;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.dev.console.QuarkusConsole;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;

/**
 * What dev mode shows on its console: at the end of the start where the page is, then a short line about each order. It takes
 * what {@code RecordLog} logs for debugging, and prints it shorter, or as one line a second if there is too much of it. With
 * another level of the log than info, or in JSON, the lines are as they are logged.
 */
@IfBuildProfile("dev")
@ApplicationScoped
public class DevConsole implements Filter {

    /** {@code ConsoleFilter} leaves the lines of this logger as they are, with their colours: they are made fit here. */
    private static final Logger LOG = Logger.getLogger(DevConsole.class);
    private static final String RECORDS = "io.orderstream.pipeline";
    private static final Set<String> NOT_BY_DEFAULT = Set.of("events", "item-orders");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration START_LOOK = Duration.ofMillis(50);
    private static final long MOST_START_LOOKS = 6_000;

    private final OperationSettings settings;
    private final Pipelines pipelines;
    private final int attempts;
    private final boolean isColoured;
    private final ConsoleRate rate = new ConsoleRate();
    private final Map<String, String> pipelineByTopic = new HashMap<>();
    private final Set<String> shown = new TreeSet<>();
    private final List<Runnable> stop = new ArrayList<>();

    DevConsole(OperationSettings settings, Pipelines pipelines, PipelineSettings pipeline, Config config) {
        this.settings = settings;
        this.pipelines = pipelines;
        this.attempts = pipeline.maxRetries() + 1;
        this.isColoured = config.getOptionalValue("quarkus.console.color", Boolean.class)
                .orElseGet(QuarkusConsole::hasColorSupport);
    }

    /** Before the first record. */
    void start(@Observes @Priority(Lifecycle.Start.PIPELINES) StartupEvent event) {
        pipelines.running().forEach(pipeline -> pipeline.sources().forEach(
                source -> pipelineByTopic.put(source.topic(), pipeline.name())));
        Set<String> known = new TreeSet<>(pipelineByTopic.values());
        settings.consolePipelines().ifPresentOrElse(shown::addAll, () -> shown.addAll(known));
        if (settings.consolePipelines().isEmpty()) {
            shown.removeAll(NOT_BY_DEFAULT);
        } else if (!known.containsAll(shown)) {
            throw new InvalidSettingException("CONSOLE_PIPELINES must be names of pipelines that are switched on, of "
                    + String.join(", ", known) + ", but is '" + String.join(",", shown) + "'.");
        }
        if (settings.logLevel() == LogLevel.INFO && settings.logFormat() == LogFormat.PLAIN) {
            takeRecords();
        }
        repeat(Multi.createFrom().ticks().every(START_LOOK).select().first(MOST_START_LOOKS)
                .select().where(tick -> isStarted()).select().first(1), this::sayAddress);
    }

    private void takeRecords() {
        java.util.logging.Logger records = java.util.logging.Logger.getLogger(RECORDS);
        records.setLevel(Level.FINE);
        records.setFilter(this);
        stop.add(() -> {
            records.setFilter(null);
            records.setLevel(null);
        });
        repeat(Multi.createFrom().ticks().every(SECOND).onOverflow().drop(), this::saySummary);
    }

    private void repeat(Multi<Long> ticks, Runnable step) {
        stop.add(ticks.subscribe().with(tick -> step.run())::cancel);
    }

    /** The logger of one application is that of the next one, which a live reload makes. */
    void stop(@Observes ShutdownEvent event) {
        stop.forEach(Runnable::run);
    }

    private static boolean isStarted() {
        Application application = Application.currentApplication();
        return application != null && application.isStarted();
    }

    /** What comes last is what is read. */
    private void sayAddress() {
        Config config = ConfigProvider.getConfig();
        String url = "http://localhost:" + config.getValue("quarkus.http.port", Integer.class) + "/";
        LOG.infof("see it work: %s   Quarkus Dev UI: %sq/dev-ui", isColoured ? "\u001b[1;36m" + url + "\u001b[0m" : url, url);
    }

    private void saySummary() {
        String summary = rate.summary();
        if (summary != null) {
            LOG.infof("in one second %s", summary);
        }
    }

    /** Of the logger {@value #RECORDS}: shows the records itself, and lets pass what is no debug line. */
    @Override
    public boolean isLoggable(LogRecord line) {
        ShortLine record = ShortLine.of(line.getMessage(), line.getParameters());
        if (record == null) {
            return line.getLevel().intValue() >= Level.INFO.intValue();
        }
        if (shown.contains(pipelineByTopic.get(record.record().topic())) && rate.shows(record)) {
            LOG.logf(record.what() == What.DEAD_LETTER ? Logger.Level.WARN : Logger.Level.INFO, "%s",
                    record.text(attempts, isColoured));
        }
        return false;
    }
}
