package io.orderstream.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.orderstream.testsupport.DevProject;
import io.orderstream.testsupport.JavaPrograms;

/** The programs that are measured. Those that are projects of their own are built when they are first asked for. */
final class Contenders {

    private static final String OURS = "src/test/java/io/orderstream/bench/";

    private Path textbook;
    private Path timed;
    private String peers;

    SelfMeasured bareLoop() {
        return new SelfMeasured("bare kafka-clients loop",
                (options, environment) -> JavaPrograms.start(BareLoop.class, options, environment), Map.of());
    }

    SelfMeasured textbook() {
        return new SelfMeasured("textbook SmallRye",
                (options, environment) -> JavaPrograms.start(packagedTextbook(), options, environment), Map.of());
    }

    SelfMeasured spring(int threads, int pollRecords) {
        return peer("spring-kafka, " + threads + (threads == 1 ? " thread, " : " threads, ") + pollRecords + " a poll",
                "peers.SpringConsumer", threads).with("MAX_POLL_RECORDS", pollRecords);
    }

    SelfMeasured parallelConsumer(int threads) {
        return peer("Parallel Consumer, " + threads + " threads", "peers.ParallelConsumer", threads);
    }

    private SelfMeasured peer(String name, String main, int threads) {
        return new SelfMeasured(name, (options, environment) -> JavaPrograms.start(peers(), main, options, environment),
                Map.of("CONCURRENCY", Integer.toString(threads)));
    }

    /** As packaged, with the settings there are by default. */
    Orderstream orderstream() {
        return new Orderstream("orderstream", Map.of());
    }

    Orderstream ordersAlone() {
        return new Orderstream("orderstream, orders alone", Orderstream.ORDERS_ALONE);
    }

    /** With a handler that does nothing but look at the time. */
    Orderstream timed() {
        return new Orderstream("orderstream", Optional.of(packagedTimed()), 0, Map.of());
    }

    private Path packagedTextbook() {
        if (textbook == null) {
            textbook = new DevProject(Bench.OUTPUT.resolve("textbook"), sources(
                    Map.of("src/bench/textbook", "src/main", "src/main/avro", "src/main/avro"), "SelfReport", "Sales"))
                    .packaged();
        }
        return textbook;
    }

    /** The application with one handler more. */
    private Path packagedTimed() {
        if (timed == null) {
            timed = new DevProject(Bench.OUTPUT.resolve("timed"), sources(
                    Map.of("src/main", "src/main", "src/bench/timed/java/timed", "src/main/java/timed"), "OrderId",
                    "Latencies")).packaged();
        }
        return timed;
    }

    private String peers() {
        if (peers == null) {
            Path project = new DevProject(Bench.OUTPUT.resolve("peers"), sources(
                    Map.of("src/bench/peers/pom.xml", "pom.xml", "src/bench/peers/java", "src/main/java",
                            "target/generated-sources/avsc/io/orderstream/order/Order.java",
                            "src/main/java/io/orderstream/order/Order.java"),
                    "SelfReport", "Sales", "OrderId", "Latencies")).compiled();
            peers = project.resolve("target/classes") + File.pathSeparator + project.resolve("target/lib") + "/*";
        }
        return peers;
    }

    /** These, and classes of the benchmark, which all have in common. */
    private static Map<String, String> sources(Map<String, String> own, String... common) {
        Map<String, String> sources = new HashMap<>(own);
        Stream.of(common).forEach(name -> sources.put(OURS + name + ".java",
                "src/main/java/io/orderstream/bench/" + name + ".java"));
        return sources;
    }
}
