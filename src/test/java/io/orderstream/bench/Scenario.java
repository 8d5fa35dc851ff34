package io.orderstream.bench;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * What is measured in turn, round by round.
 *
 * @param name of the part of the document it writes
 * @param text what is measured, a sentence or two
 * @param plot how the first figure is drawn
 * @param figures the columns of its table; by the first the rows are compared
 * @param rows the first is the yardstick
 */
record Scenario(String name, String text, Plot plot, List<Figure> figures, List<Row> rows) {

    /**
     * A row of its table.
     *
     * @param name what the table calls it
     * @param family rows of the same family are one contender in several forms, of which the best is shown
     * @param measure one round
     */
    record Row(String name, String family, Callable<Measurement> measure) {

        Row(String name, Callable<Measurement> measure) {
            this(name, name, measure);
        }
    }
}
