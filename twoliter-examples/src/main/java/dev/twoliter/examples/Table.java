package dev.twoliter.examples;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints rows in columns as wide as their widest cell; cells that begin with a digit go to the right. Not thread-safe. */
public final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /** Makes an empty table. */
    public Table() {}

    /** Adds a row; every row has as many cells as the first. */
    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** Prints the table. */
    public void print(PrintStream out) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                String padding = " ".repeat(width(column) - cell.length());
                boolean number = !cell.isEmpty() && Character.isDigit(cell.charAt(0)) && column > 0;
                line.append(number ? padding + cell : cell + padding).append("  ");
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
