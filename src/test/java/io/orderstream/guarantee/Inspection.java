package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.orderstream.testsupport.Jdks;

/**
 * A look into a running JVM from outside, on Linux, which collects its heap in full: the JVM itself counts what is left.
 *
 * @param heap bytes of the objects that are left, by the name of their class
 * @param threads number of threads by their name, numbers in it left out, which Linux cuts after 15 characters
 * @param files number of open files by what they are
 */
record Inspection(Map<String, Long> heap, Map<String, Long> threads, Map<String, Long> files) {

    private static final Pattern CLASS = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(.+)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final int MOST_SHOWN = 20;

    /** Looks, and repeats it if the JVM does not answer in time. */
    static Inspection of(ProcessHandle process) {
        return await().atMost(PATIENCE).ignoreExceptions().until(() -> look(process), look -> !look.heap().isEmpty());
    }

    private static Inspection look(ProcessHandle process) throws IOException {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        List<String> names = new ArrayList<>();
        for (Path thread : list(proc.resolve("task"))) {
            names.add(NUMBER.matcher(Files.readString(thread.resolve("comm")).strip()).replaceAll("#"));
        }
        List<String> kinds = new ArrayList<>();
        for (Path file : list(proc.resolve("fd"))) {
            kinds.add(NUMBER.matcher(Files.readSymbolicLink(file).toString()).replaceAll("#"));
        }
        return new Inspection(histogram(process), counted(names), counted(kinds));
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static Map<String, Long> counted(List<String> names) {
        return names.stream().collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> histogram(ProcessHandle process) throws IOException {
        Process jcmd = new ProcessBuilder(Jdks.own().resolve("bin/jcmd").toString(), Long.toString(process.pid()),
                "GC.class_histogram").redirectErrorStream(true).start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return answer.lines().map(CLASS::matcher).filter(Matcher::matches)
                .collect(Collectors.toMap(line -> line.group(2), line -> Long.parseLong(line.group(1)), Long::sum));
    }

    /** @param direct bytes of direct buffers, which only the JVM's own metrics tell */
    Holdings holdings(long direct) {
        return new Holdings(sum(heap), sum(threads), sum(files), direct);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(count -> count).sum();
    }

    /** What has grown most since an earlier look, for whoever has to find a leak. */
    String since(Inspection earlier) {
        return "\nbytes by class: " + growth(earlier.heap, heap) + "\nthreads by name: " + growth(earlier.threads, threads)
                + "\nfiles by kind: " + growth(earlier.files, files);
    }

    private static String growth(Map<String, Long> before, Map<String, Long> now) {
        return now.keySet().stream().filter(name -> now.get(name) > before.getOrDefault(name, 0L))
                .sorted((one, other) -> Long.compare(now.get(other) - before.getOrDefault(other, 0L),
                        now.get(one) - before.getOrDefault(one, 0L)))
                .limit(MOST_SHOWN).map(name -> name + " +" + (now.get(name) - before.getOrDefault(name, 0L)))
                .collect(Collectors.joining(", "));
    }
}
