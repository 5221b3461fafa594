package dev.twoliter.core.internal.graph;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A layered drawing after Sugiyama: boxes in columns so that every arrow goes right, ordered so that few arrows cross,
 * and shifted so that they run straight. Arrows that pass columns share one lane to their target: a package that many
 * need has one thick root instead of many long lines. Heights are in pixels. Not thread-safe.
 */
final class Layers {

    /** More lanes than any picture can show; a bound on time and memory. */
    private static final int MOST_LANES = 50_000;

    private static final int SWEEPS = 24;
    private static final double GAP = 12;
    private static final double LANE_GAP = 7;

    /** A box (its number) or a lane (its target's number) in one column. */
    static final class Cell {
        final int number;
        final boolean lane;
        final double height;
        final List<Cell> left = new ArrayList<>();
        final List<Cell> right = new ArrayList<>();
        int column;
        int row;
        /** The middle. */
        double y;

        private double wish;
        private double weight;

        Cell(int number, boolean lane, double height) {
            this.number = number;
            this.lane = lane;
            this.height = height;
        }

        private boolean alone() {
            return left.isEmpty() && right.isEmpty();
        }
    }

    private final Digraph graph;
    private final Cell[] boxes;
    private final List<List<Cell>> columns = new ArrayList<>();

    private Layers(Digraph graph, double[] heights) {
        this.graph = graph;
        this.boxes = new Cell[graph.size()];
        for (int i = 0; i < boxes.length; i++) {
            boxes[i] = new Cell(i, false, heights[i]);
        }
    }

    /** {@return the columns from left to right, each from top to bottom} */
    static List<List<Cell>> of(Digraph graph, double[] heights) {
        Layers layers = new Layers(graph, heights);
        layers.assignColumns();
        layers.addLanes();
        layers.order();
        layers.place();
        return layers.columns;
    }

    /** Each box right of the last one that needs it; those that nobody needs move close to what they need. */
    private void assignColumns() {
        int[] order = graph.topological();
        Digraph reverse = graph.reverse();
        for (int from : order) {
            graph.next(from).stream()
                    .forEach(to -> boxes[to].column = Math.max(boxes[to].column, boxes[from].column + 1));
        }
        for (int i = order.length - 1; i >= 0; i--) {
            int here = order[i];
            if (reverse.next(here).isEmpty()) {
                graph.next(here).stream()
                        .map(to -> boxes[to].column - 1)
                        .min()
                        .ifPresent(column -> boxes[here].column = column);
            }
        }
    }

    private void addLanes() {
        for (Cell box : boxes) {
            column(box.column).add(box);
        }
        int count = 0;
        Digraph reverse = graph.reverse();
        for (Cell target : boxes) {
            Map<Integer, Cell> lanes = new TreeMap<>();
            lanes.put(target.column, target);
            int first = reverse.next(target.number).stream()
                    .map(from -> boxes[from].column + 1)
                    .min()
                    .orElse(target.column);
            count += target.column - first;
            if (count > MOST_LANES) {
                throw new InvalidProjectException(List.of(Problem.error("", "the graph is too large for a picture")
                        .withHint("draw a part of it, or use the format dot")));
            }
            for (int c = target.column - 1; c >= first; c--) {
                Cell lane = new Cell(target.number, true, 0);
                lane.column = c;
                column(c).add(lane);
                lanes.put(c, lane);
                join(lane, lanes.getOrDefault(c + 1, target));
            }
            reverse.next(target.number).stream()
                    .forEach(from -> join(boxes[from], lanes.getOrDefault(boxes[from].column + 1, target)));
        }
    }

    private List<Cell> column(int number) {
        while (columns.size() <= number) {
            columns.add(new ArrayList<>());
        }
        return columns.get(number);
    }

    private static void join(Cell from, Cell to) {
        from.right.add(to);
        to.left.add(from);
    }

    /** Sorts each column by the middle of its neighbours, to and fro, and keeps the order with the fewest crossings. */
    private void order() {
        columns.forEach(Layers::number);
        List<List<Cell>> best = copy();
        long least = crossings();
        for (int sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
            boolean right = sweep % 2 == 0;
            for (int i = 1; i < columns.size(); i++) {
                List<Cell> column = columns.get(right ? i : columns.size() - 1 - i);
                for (Cell cell : column) {
                    List<Cell> neighbours = right ? cell.left : cell.right;
                    cell.wish =
                            neighbours.stream().mapToInt(n -> n.row).average().orElse(cell.row);
                }
                column.sort(Comparator.comparingDouble(cell -> cell.wish));
                number(column);
            }
            long now = crossings();
            if (now < least) {
                least = now;
                best = copy();
            }
        }
        columns.clear();
        columns.addAll(best);
        columns.forEach(Layers::number);
    }

    private static void number(List<Cell> column) {
        for (int i = 0; i < column.size(); i++) {
            column.get(i).row = i;
        }
    }

    private List<List<Cell>> copy() {
        List<List<Cell>> copy = new ArrayList<>();
        columns.forEach(column -> copy.add(new ArrayList<>(column)));
        return copy;
    }

    private long crossings() {
        long count = 0;
        for (int c = 0; c + 1 < columns.size(); c++) {
            // Counts, for each arrow from top to bottom, the earlier ones that end below it: a Fenwick tree.
            int[] tree = new int[columns.get(c + 1).size() + 1];
            int seen = 0;
            for (Cell cell : columns.get(c)) {
                int[] ends = cell.right.stream().mapToInt(n -> n.row).sorted().toArray();
                for (int end : ends) {
                    int above = 0;
                    for (int i = end + 1; i > 0; i -= i & -i) {
                        above += tree[i];
                    }
                    count += seen - above;
                }
                for (int end : ends) {
                    for (int i = end + 1; i < tree.length; i += i & -i) {
                        tree[i]++;
                    }
                    seen++;
                }
            }
        }
        return count;
    }

    /**
     * Moves every cell towards the middle of its neighbours, as far as order and gaps allow; lanes pull hardest, to run
     * straight. Boxes without arrows end below the others.
     */
    private void place() {
        double tallest = columns.stream().mapToDouble(Layers::height).max().orElse(0);
        for (List<Cell> column : columns) {
            stack(column, (tallest - height(column)) / 2);
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int i = 0; i < columns.size(); i++) {
                List<Cell> column = columns.get(sweep % 2 == 0 ? i : columns.size() - 1 - i).stream()
                        .filter(cell -> !cell.alone())
                        .toList();
                column.forEach(Layers::wish);
                settle(column);
            }
        }
        double top = columns.stream()
                .flatMap(List::stream)
                .filter(cell -> !cell.alone())
                .mapToDouble(cell -> cell.y - cell.height / 2)
                .min()
                .orElse(0);
        for (List<Cell> column : columns) {
            column.sort(Comparator.comparing(Cell::alone));
            double y = 0;
            for (Cell cell : column) {
                cell.y = cell.alone() ? y + cell.height / 2 : cell.y - top;
                y = cell.y + cell.height / 2 + GAP;
            }
        }
    }

    private static double height(List<Cell> column) {
        return column.stream().mapToDouble(cell -> cell.height + GAP).sum();
    }

    private static void stack(List<Cell> column, double top) {
        double y = top;
        for (Cell cell : column) {
            cell.y = y + cell.height / 2;
            y += cell.height + GAP;
        }
    }

    private static void wish(Cell cell) {
        double sum = 0;
        cell.weight = 0;
        for (List<Cell> side : List.of(cell.left, cell.right)) {
            for (Cell neighbour : side) {
                double weight = cell.lane && neighbour.lane ? 8 : cell.lane || neighbour.lane ? 2 : 1;
                sum += weight * neighbour.y;
                cell.weight += weight;
            }
        }
        cell.wish = sum / cell.weight;
    }

    /** The places nearest to all wishes that keep order and gaps: cells that would overlap move as one block. */
    private static void settle(List<Cell> column) {
        double[] offset = new double[column.size()];
        for (int i = 1; i < offset.length; i++) {
            Cell a = column.get(i - 1);
            Cell b = column.get(i);
            offset[i] = offset[i - 1] + (a.height + b.height) / 2 + (a.lane || b.lane ? LANE_GAP : GAP);
        }
        double[] sum = new double[column.size()];
        double[] weight = new double[column.size()];
        int[] size = new int[column.size()];
        int blocks = 0;
        for (int i = 0; i < column.size(); i++) {
            weight[blocks] = column.get(i).weight;
            sum[blocks] = (column.get(i).wish - offset[i]) * weight[blocks];
            size[blocks] = 1;
            blocks++;
            while (blocks > 1 && sum[blocks - 2] / weight[blocks - 2] >= sum[blocks - 1] / weight[blocks - 1]) {
                blocks--;
                sum[blocks - 1] += sum[blocks];
                weight[blocks - 1] += weight[blocks];
                size[blocks - 1] += size[blocks];
            }
        }
        int next = 0;
        for (int block = 0; block < blocks; block++) {
            double start = sum[block] / weight[block];
            for (int end = next + size[block]; next < end; next++) {
                column.get(next).y = start + offset[next];
            }
        }
    }
}
