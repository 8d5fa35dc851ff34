package io.orderstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;

/** What the system knows of a running process. */
final class ProcessFigures {

    private ProcessFigures() {
    }

    /** CPU time since its start, user and system. */
    static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** The most memory it had resident since its start, on Linux. */
    static OptionalDouble peakMegabytes(ProcessHandle process) {
        return megabytes(process, "VmHWM:");
    }

    /** The memory it has resident now, on Linux. */
    static OptionalDouble megabytes(ProcessHandle process) {
        return megabytes(process, "VmRSS:");
    }

    private static OptionalDouble megabytes(ProcessHandle process, String figure) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith(figure))
                    .mapToDouble(line -> Double.parseDouble(line.split("\\s+")[1]) / 1024).findFirst();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
