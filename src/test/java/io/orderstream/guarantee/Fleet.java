package io.orderstream.guarantee;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.PackagedApps;

/**
 * The instances of a run in the order they were started, those that have ended included. Instances come and go on one thread;
 * what they have done may be asked on any.
 */
final class Fleet {

    private final PackagedApps apps;
    private final Map<String, String> settings;
    private final List<Instance> instances = new CopyOnWriteArrayList<>();
    private final HandlerCalls calls = new HandlerCalls();

    /** @param settings environment variables of each instance */
    Fleet(PackagedApps apps, Map<String, String> settings) {
        this.apps = apps;
        this.settings = settings;
    }

    /**
     * Starts one more instance, without waiting for it.
     *
     * @param more further settings, as NAME=value
     */
    Instance join(String... more) {
        Instance instance = new Instance(apps.start(Jdks.own(), settings, more));
        instances.add(instance);
        return instance;
    }

    List<Instance> all() {
        return instances;
    }

    List<Instance> alive() {
        return instances.stream().filter(instance -> instance.process().isAlive()).toList();
    }

    /** Records handled or rejected at least once up to now. */
    synchronized int handled() {
        return calls().records().size();
    }

    /** Attempts an instance has made up to now that were not the first of their records. */
    synchronized long retries(Instance instance) {
        calls();
        return instance.calls().stream().filter(call -> call.attempt() > 1).count();
    }

    /** All calls made up to now, for when no more are made. */
    synchronized HandlerCalls calls() {
        instances.forEach(instance -> instance.readCalls(calls::add));
        return calls;
    }

    /** What the instances that run have printed last, for the message of a failure. */
    String lastLines() {
        StringBuilder lines = new StringBuilder();
        alive().forEach(instance -> lines.append(instance.process().lastLines()));
        return lines.toString();
    }

    /** Keeps the output of each instance in a file, for whoever has to find out why a guarantee is broken. */
    void writeOutput(Path directory, String name) {
        try {
            Files.createDirectories(directory);
            for (int number = 0; number < instances.size(); number++) {
                Files.write(directory.resolve(name + "-" + (number + 1) + ".log"), instances.get(number).process().lines());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
