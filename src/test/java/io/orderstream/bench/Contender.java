package io.orderstream.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program that reads all orders of a topic, in a process of its own. */
interface Contender {

    /** Beyond the slowest contender on a slow machine. */
    Duration PATIENCE = Duration.ofMinutes(30);

    String name();

    /**
     * Runs it once, and fails unless it counts every order once, to the cent, makes those dead letters that are to be, and
     * commits them all.
     *
     * @param orders what it reads
     * @param group its consumer group, which is new
     */
    Measurement run(BenchOrders orders, String group);

    /** The log of the garbage collector in the process that reads in this group. */
    static GcLog gcLog(String group) {
        return new GcLog(Bench.OUTPUT.resolve(group + ".gc.log"));
    }

    /** Options of the JVM of that process. */
    static List<String> jvmOptions(String group) {
        List<String> options = new ArrayList<>(Bench.JVM_OPTIONS);
        options.add(gcLog(group).option());
        if (Boolean.getBoolean("bench.jfr")) {
            Path recording = Bench.OUTPUT.resolve(group + ".jfr").toAbsolutePath();
            options.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
        }
        return options;
    }
}
