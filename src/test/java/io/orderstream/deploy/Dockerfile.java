package io.orderstream.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The instructions of a Dockerfile. */
final class Dockerfile {

    static final Path JVM = Path.of("src/main/docker/Dockerfile.jvm");
    static final Path NATIVE = Path.of("src/main/docker/Dockerfile.native-micro");

    private static final Pattern INSTRUCTION = Pattern.compile("([A-Z]+)\\s+(.*)", Pattern.DOTALL);
    private static final Pattern PAIR = Pattern.compile("([\\w.]+)=(?:\"([^\"]*)\"|(\\S+))");

    private static final Pattern NAMED = Pattern.compile(".*\\sAS\\s+(\\S+)");

    private final List<Instruction> instructions;

    /** An instruction such as USER, and what stands behind it. */
    record Instruction(String name, String arguments) {
    }

    private Dockerfile(List<Instruction> instructions) {
        this.instructions = instructions;
    }

    static Dockerfile read(Path file) {
        try {
            String text = Files.readString(file).replaceAll("(?m)^#.*\n", "").replace("\\\n", " ");
            return new Dockerfile(text.lines().filter(line -> !line.isBlank()).map(Dockerfile::instruction).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instruction instruction(String line) {
        Matcher matcher = INSTRUCTION.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no instruction: " + line);
        }
        return new Instruction(matcher.group(1), matcher.group(2).strip());
    }

    /** The images it begins from, with the defaults of its arguments; its own stages are none. */
    List<String> bases() {
        return all("FROM").map(Dockerfile::base).filter(base -> !stages().containsKey(base)).map(this::expand).toList();
    }

    private static String base(String from) {
        return from.split("\\s+")[0];
    }

    private String expand(String image) {
        String expanded = image;
        for (Map.Entry<String, String> argument : pairs(all("ARG")).entrySet()) {
            expanded = expanded.replace("${" + argument.getKey() + "}", argument.getValue());
        }
        return expanded;
    }

    private Stream<String> all(String name) {
        return instructions.stream().filter(instruction -> instruction.name.equals(name)).map(Instruction::arguments);
    }

    /** What each stage consists of, by its name, with what it begins from. The last one has the name "". */
    private Map<String, List<Instruction>> stages() {
        Map<String, List<Instruction>> stages = new LinkedHashMap<>();
        List<Instruction> stage = new ArrayList<>();
        for (Instruction instruction : instructions) {
            if (instruction.name.equals("FROM")) {
                stage = new ArrayList<>(stages.getOrDefault(base(instruction.arguments), List.of()));
                Matcher named = NAMED.matcher(instruction.arguments);
                stages.put(named.matches() ? named.group(1) : "", stage);
            }
            stage.add(instruction);
        }
        return stages;
    }

    /** The instructions of the image that is the result. */
    private List<Instruction> lastStage() {
        return stages().get("");
    }

    /** The arguments of an instruction of the last stage, of which there must be exactly one. */
    String one(String name) {
        List<String> found = lastStage().stream().filter(instruction -> instruction.name.equals(name))
                .map(Instruction::arguments).toList();
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

    /** Names and values of LABEL or ENV in the last stage. */
    Map<String, String> pairs(String name) {
        return pairs(lastStage().stream().filter(instruction -> instruction.name.equals(name)).map(Instruction::arguments));
    }

    private static Map<String, String> pairs(Stream<String> arguments) {
        Map<String, String> pairs = new LinkedHashMap<>();
        arguments.forEach(text -> {
            Matcher pair = PAIR.matcher(text);
            while (pair.find()) {
                pairs.put(pair.group(1), pair.group(2) == null ? pair.group(3) : pair.group(2));
            }
        });
        return pairs;
    }
}
