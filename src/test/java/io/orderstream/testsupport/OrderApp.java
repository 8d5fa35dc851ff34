package io.orderstream.testsupport;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The application as its users see it: over HTTP. */
public final class OrderApp {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    /** @param url where the application listens */
    public OrderApp(String url) {
        this.url = url.replaceAll("/$", "");
    }

    /** Where it listens, without a slash at the end. */
    public String url() {
        return url;
    }

    /** What {@code GET /api/orders/stats} answers. */
    public JsonNode stats() {
        return get("/api/orders/stats");
    }

    /** The JSON a path answers, whatever the status. */
    public JsonNode get(String path) {
        try {
            return JSON.readTree(http.send(HttpRequest.newBuilder(URI.create(url + path)).build(),
                    HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + url + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Processed and dead-lettered together: records that are at their end. */
    public long finished() {
        JsonNode stats = stats();
        return stats.get("processed").asLong() + stats.get("deadLettered").asLong();
    }

    /** A number of the statistics in cents. */
    public static long cents(JsonNode amount) {
        return amount.decimalValue().movePointRight(2).setScale(0, RoundingMode.UNNECESSARY).longValueExact();
    }

    /** The average a sum and a number give, to the four digits of the contract. */
    public static BigDecimal average(long cents, long processed) {
        return BigDecimal.valueOf(cents, 2).divide(BigDecimal.valueOf(processed), 4, RoundingMode.HALF_EVEN);
    }
}
