package io.orderstream.testsupport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** What is logged by a logger, and those below it, from now on in this JVM. */
public final class LoggedRecords implements AutoCloseable {

    private static final PatternFormatter MESSAGE = new PatternFormatter("%s");

    private final List<ExtLogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final java.util.logging.Level before;
    private final ExtHandler handler = new ExtHandler() {
        @Override
        protected void doPublish(ExtLogRecord line) {
            line.copyMdc();
            records.add(line);
        }
    };

    public LoggedRecords(String logger) {
        this.logger = LogContext.getLogContext().getLogger(logger);
        this.before = this.logger.getLevel();
        this.logger.addHandler(handler);
    }

    /** @param source the class whose lines are kept, those for debugging included */
    public LoggedRecords(Class<?> source) {
        this(source.getName());
        logger.setLevel(Level.DEBUG);
    }

    public List<ExtLogRecord> records() {
        return records;
    }

    public List<String> messages() {
        return records.stream().map(MESSAGE::format).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(before);
    }
}
