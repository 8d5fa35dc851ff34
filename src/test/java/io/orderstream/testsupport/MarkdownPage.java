package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A page of the documentation: as much of GitHub's Markdown as our pages use. */
public final class MarkdownPage {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern ABSOLUTE = Pattern.compile("[a-z]+:.*");

    private final Path path;
    private final String text;
    /** Without blocks of code. */
    private final String prose;

    private MarkdownPage(Path path, String text) {
        this.path = path;
        this.text = text;
        this.prose = BLOCK.matcher(text).replaceAll("");
    }

    /** Reads a page. */
    public static MarkdownPage read(Path path) {
        try {
            return new MarkdownPage(path, Files.readString(path).replace("\r\n", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A link to another file, or to a heading, of this repository. */
    public record Link(Path page, String target) {

        /** Whether the file is there, and the heading in it. */
        public boolean isResolved() {
            int hash = target.indexOf('#');
            String file = hash < 0 ? target : target.substring(0, hash);
            Path found = file.isEmpty() ? page : page.resolveSibling(file);
            return Files.exists(found) && (hash < 0 || read(found).anchors().contains(target.substring(hash + 1)));
        }
    }

    /** All links but those that lead elsewhere. */
    public List<Link> links() {
        return LINK.matcher(CODE.matcher(prose).replaceAll("")).results().map(found -> found.group(1))
                .filter(target -> !ABSOLUTE.matcher(target).matches()).map(target -> new Link(path, target)).toList();
    }

    /** The anchors GitHub makes of the headings: letters, digits, hyphens, and a number where a heading comes again. */
    public Set<String> anchors() {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new LinkedHashSet<>();
        HEADING.matcher(prose).results().forEach(heading -> {
            String anchor = heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        });
        return anchors;
    }

    /** The blocks of code in a language. */
    public List<String> blocks(String language) {
        return BLOCK.matcher(text).results().filter(block -> block.group(1).equals(language)).map(block -> block.group(2))
                .toList();
    }

    /** What stands between single backticks. */
    public List<String> code() {
        return codeIn(prose);
    }

    /** What stands between single backticks at the beginning of the rows of tables, below a heading of the second level. */
    public List<String> rows(String heading) {
        int from = prose.indexOf("\n## " + heading + "\n");
        int to = prose.indexOf("\n## ", from + 1);
        String section = prose.substring(from, to < 0 ? prose.length() : to);
        return section.lines().filter(line -> line.startsWith("| `")).map(line -> line.split("\\|")[1])
                .flatMap(cell -> codeIn(cell).stream()).toList();
    }

    private static List<String> codeIn(String text) {
        return CODE.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
