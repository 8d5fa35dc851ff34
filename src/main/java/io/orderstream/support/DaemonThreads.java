package io.orderstream.support;

import java.time.Duration;

/** Makes the application's own threads. None of them keeps the JVM from ending. */
public final class DaemonThreads {

    private DaemonThreads() {
    }

    /**
     * Makes a daemon thread, which the caller starts. Its context class loader is that of the application, whichever thread
     * calls this: Kafka's clients load classes from it and hand it on to their threads.
     */
    public static Thread named(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
        return thread;
    }

    /** Waits until a thread has ended, for so long at the most. An interrupt ends the wait and is kept. */
    public static void join(Thread thread, Duration longest) {
        try {
            thread.join(longest.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
