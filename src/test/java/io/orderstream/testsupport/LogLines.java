package io.orderstream.testsupport;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/** What a class logs, its lines for debugging included, from when it is made until it is closed. */
public final class LogLines extends Handler implements AutoCloseable {

    private static final PatternFormatter MESSAGE = new PatternFormatter("%s");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger logger;
    private final Level before;

    /** @param source the class whose lines are kept */
    public LogLines(Class<?> source) {
        this(source.getName(), true);
    }

    /** @param name the logger whose lines are kept, as many as it lets pass, with those of the loggers below it */
    public LogLines(String name) {
        this(name, false);
    }

    /** @param debug whether its lines for debugging are logged */
    public LogLines(String name, boolean debug) {
        logger = Logger.getLogger(name);
        before = logger.getLevel();
        if (debug) {
            logger.setLevel(Level.FINE);
        }
        logger.addHandler(this);
    }

    /** The lines up to now, in their order. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(MESSAGE.format((ExtLogRecord) line));
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(before);
    }
}
