package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;

/** As {@link KafkaAndRegistry}, where a script has registered its own schema for the topic of orders before the first start. */
public class ScriptRegistry extends KafkaAndRegistry {

    public static final String SCHEMA = """
            {"type": "record", "name": "Order", "namespace": "com.example.orders", "fields": [
              {"name": "order_id", "type": "int"}, {"name": "product", "type": "string"}, {"name": "price", "type": "double"}]}""";

    /** The id it got: it is the first. */
    public static final int SCHEMA_ID = 1;

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        try {
            String url = settings.get("SCHEMA_REGISTRY_URL") + "/subjects/" + settings.get("ORDERS_TOPIC") + "-value/versions";
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(url))
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .POST(BodyPublishers.ofString(new ObjectMapper().writeValueAsString(Map.of("schema", SCHEMA)))).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (!answer.body().equals("{\"id\":" + SCHEMA_ID + "}")) {
                throw new IllegalStateException("the script's schema is not registered: " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return settings;
    }
}
