package io.orderstream.bench;

import java.util.Locale;
import java.util.Map;

/** Draws figures as SVG that can be read on a light and on a dark page. */
enum Plot {
    /** A bar for each value, beside its name. */
    BARS {
        @Override
        String draw(Figure figure, Map<String, Double> values) {
            return bars(figure, values);
        }
    },
    /** A line through the values, from zero up, at equal distances. */
    LINE {
        @Override
        String draw(Figure figure, Map<String, Double> values) {
            return line(figure, values);
        }
    };

    private static final int WIDTH = 760;
    private static final int LABEL_WIDTH = 300;
    private static final int BAR_HEIGHT = 24;
    private static final int VALUE_WIDTH = 90;
    private static final int LINE_HEIGHT = 220;
    private static final int MARGIN = 40;
    private static final String STYLE = "<style>text{font:13px sans-serif;fill:#333}.mark{fill:#2f7ed8}"
            + ".line{fill:none;stroke:#2f7ed8;stroke-width:2}.axis{stroke:#999}"
            + "@media(prefers-color-scheme:dark){text{fill:#ddd}.mark{fill:#6cb0ff}.line{stroke:#6cb0ff}}</style>\n";

    /** SVG of the values of a figure. */
    abstract String draw(Figure figure, Map<String, Double> values);

    private static String bars(Figure figure, Map<String, Double> values) {
        double most = values.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        StringBuilder svg = begin(figure.title(), BAR_HEIGHT * (values.size() + 1));
        svg.append(text(LABEL_WIDTH, BAR_HEIGHT - 8, "start", figure.title()));
        int y = BAR_HEIGHT;
        for (Map.Entry<String, Double> bar : values.entrySet()) {
            double width = Math.max(1, (WIDTH - LABEL_WIDTH - VALUE_WIDTH) * bar.getValue() / most);
            svg.append(text(LABEL_WIDTH - 8, y + 16, "end", bar.getKey()));
            svg.append(format("<rect class=\"mark\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n", LABEL_WIDTH,
                    y + 3, width, BAR_HEIGHT - 6));
            svg.append(text(LABEL_WIDTH + width + 6, y + 16, "start", figure.text(bar.getValue())));
            y += BAR_HEIGHT;
        }
        return svg.append("</svg>\n").toString();
    }

    private static String line(Figure figure, Map<String, Double> values) {
        double most = values.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        double step = (double) (WIDTH - 2 * MARGIN) / Math.max(1, values.size() - 1);
        StringBuilder svg = begin(figure.title(), LINE_HEIGHT + 2 * MARGIN);
        svg.append(text(MARGIN, 20, "start", figure.title()));
        svg.append(format("<path class=\"axis\" d=\"M%d %dH%d\"/>%n", MARGIN, LINE_HEIGHT + MARGIN, WIDTH - MARGIN));
        StringBuilder path = new StringBuilder();
        double x = MARGIN;
        for (Map.Entry<String, Double> point : values.entrySet()) {
            double y = MARGIN + LINE_HEIGHT * (1 - 0.9 * point.getValue() / most);
            path.append(format("%s%.1f %.1f", path.isEmpty() ? "M" : "L", x, y));
            svg.append(format("<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n", x, y));
            svg.append(text(x, y - 9, "middle", figure.text(point.getValue())));
            svg.append(text(x, LINE_HEIGHT + MARGIN + 18, "middle", point.getKey()));
            x += step;
        }
        return svg.append(format("<path class=\"line\" d=\"%s\"/>%n</svg>%n", path)).toString();
    }

    private static StringBuilder begin(String title, int height) {
        return new StringBuilder(format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
                + "height=\"%d\" role=\"img\">%n<title>%s</title>%n", WIDTH, height, WIDTH, height, escaped(title)))
                .append(STYLE);
    }

    private static String text(double x, double y, String anchor, String text) {
        return format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escaped(text));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format.replace("%n", "\n"), arguments);
    }
}
