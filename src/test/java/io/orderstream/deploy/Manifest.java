package io.orderstream.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * One object as it would be sent to a cluster.
 *
 * @param json all of it
 */
record Manifest(JsonNode json) {

    private static final ObjectReader YAML = new YAMLMapper(
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build()).readerFor(JsonNode.class);

    /** The objects of a text in YAML; a key that is there twice is an error. */
    static List<Manifest> parse(String yaml) {
        try (MappingIterator<JsonNode> documents = YAML.readValues(yaml)) {
            return documents.readAll().stream().filter(document -> !document.isNull()).map(Manifest::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String type() {
        return json.path("apiVersion").asText() + "/" + kind();
    }

    String kind() {
        return json.path("kind").asText();
    }

    String name() {
        return json.at("/metadata/name").asText();
    }

    /** The object in the type of the Kubernetes model; throws if it does not fit. */
    <T> T as(Class<T> type) {
        return type.cast(StrictModel.read(this));
    }

    @Override
    public String toString() {
        return kind() + " " + name();
    }
}
