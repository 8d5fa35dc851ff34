package io.orderstream.testsupport;

/** A part of a page that is written by a test, between two marker lines. */
public final class GeneratedPart {

    private GeneratedPart() {
    }

    /**
     * The page with what stands between its two marker lines replaced.
     *
     * @param name of the part: the markers are {@code <!-- name -->} and {@code <!-- /name -->}
     * @throws IllegalArgumentException naming the markers, if one is missing
     */
    public static String replaceIn(String page, String name, String text) {
        String begin = "<!-- " + name + " -->";
        String end = "<!-- /" + name + " -->";
        int from = page.indexOf(begin + "\n");
        int to = page.indexOf(end, Math.max(from, 0));
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException("there must be a line '" + begin + "' and, after it, a line '" + end + "'");
        }
        return page.substring(0, from) + begin + "\n" + text + page.substring(to);
    }
}
