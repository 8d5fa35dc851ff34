package io.orderstream.testsupport;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a scrape by Prometheus finds.
 *
 * @param samples all of it
 */
public record Scrape(List<Sample> samples) {

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"([^\"]*)\",?");

    /** A line of it. */
    public record Sample(String name, Map<String, String> labels, double value) {

        private static Sample of(String line) {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new AssertionError("no sample: " + line);
            }
            Map<String, String> labels = new TreeMap<>();
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
            }
            return new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3).replace("Inf", "Infinity")));
        }

        private boolean has(String... wanted) {
            for (int at = 0; at < wanted.length; at += 2) {
                if (!wanted[at + 1].equals(labels.get(wanted[at]))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param url where metrics are, without their path */
    public static Scrape of(String url) {
        return of(url, HttpClient.newHttpClient());
    }

    /** The same, over connections that are there already. */
    public static Scrape of(String url, HttpClient http) {
        URI uri = URI.create(url.replaceAll("/$", "") + "/q/metrics");
        try {
            String text = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
            return new Scrape(text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).map(Sample::of).toList());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + uri, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Of a packaged application that has started. */
    public static Scrape of(AppProcess app) {
        return of(app.managementUrl());
    }

    /** All names there are. */
    public Set<String> names() {
        return samples.stream().map(Sample::name).collect(Collectors.toSet());
    }

    /** Those of a name that have these labels, given as name and value in turn. */
    public Stream<Sample> find(String name, String... labels) {
        return samples.stream().filter(sample -> sample.name().equals(name) && sample.has(labels));
    }

    /** The sum of {@link #find}, zero if there is none. */
    public double sum(String name, String... labels) {
        return find(name, labels).mapToDouble(Sample::value).sum();
    }
}
