package io.orderstream.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The instructions of the image that a Dockerfile results in: those of its last stage, and of what that begins with. */
final class Dockerfile {

    static final Path JVM = Path.of("src/main/docker/Dockerfile.jvm");
    static final Path NATIVE = Path.of("src/main/docker/Dockerfile.native-micro");

    private static final Pattern PAIR = Pattern.compile("([\\w.]+)=(?:\"([^\"]*)\"|(\\S+))");

    private final List<String> instructions;

    private Dockerfile(List<String> instructions) {
        this.instructions = instructions;
    }

    static Dockerfile read(Path file) {
        String text = Manifests.read(file).replaceAll("(?m)^#.*\n", "").replace("\\\n", " ");
        Map<String, List<String>> stages = new HashMap<>();
        List<String> stage = new ArrayList<>();
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            String[] words = line.split("\\s+");
            if (words[0].equals("FROM")) {
                stage = new ArrayList<>(stages.getOrDefault(words[1], List.of()));
                stages.put(words[words.length - 1], stage);
            } else {
                stage.add(line);
            }
        }
        return new Dockerfile(stage);
    }

    private Stream<String> all(String name) {
        return instructions.stream().filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length()).strip());
    }

    /** The arguments of an instruction, of which there must be exactly one. */
    String one(String name) {
        List<String> found = all(name).toList();
        if (found.size() != 1) {
            throw new AssertionError("exactly one " + name + " expected, but found " + found);
        }
        return found.get(0);
    }

    /** The command of an instruction that has to be in exec form, so that the program gets the signals of a stop. */
    List<String> command(String name) {
        String arguments = one(name);
        try {
            return List.of(new ObjectMapper().readValue(arguments.substring(arguments.indexOf('[')), String[].class));
        } catch (JsonProcessingException | StringIndexOutOfBoundsException e) {
            throw new AssertionError(name + " is not in exec form: " + arguments, e);
        }
    }

    /** Names and values of LABEL or ENV. */
    Map<String, String> pairs(String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        all(name).flatMap(text -> PAIR.matcher(text).results())
                .forEach(pair -> pairs.put(pair.group(1), pair.group(2) == null ? pair.group(3) : pair.group(2)));
        return pairs;
    }
}
