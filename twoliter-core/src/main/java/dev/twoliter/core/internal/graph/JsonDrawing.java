package dev.twoliter.core.internal.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoliter.api.ProjectGraph.Needs;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the lists as JSON (formats.md 5). */
final class JsonDrawing {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonDrawing() {}

    static String of(Graph graph) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("packages", lists(graph.packages()));
        document.put("kits", lists(graph.kits()));
        document.put("variants", lists(graph.variants()));
        document.put("externalKits", graph.externalKits());
        try {
            DefaultPrettyPrinter lines = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
            return JSON.writer(lines).writeValueAsString(document) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lists of names that are no JSON", e);
        }
    }

    private static Map<String, Object> lists(Map<String, Needs> all) {
        Map<String, Object> lists = new LinkedHashMap<>();
        all.forEach((name, needs) -> {
            Map<String, Object> both = new LinkedHashMap<>();
            both.put("packages", needs.packages());
            both.put("kits", needs.kits());
            lists.put(name, both);
        });
        return lists;
    }
}
