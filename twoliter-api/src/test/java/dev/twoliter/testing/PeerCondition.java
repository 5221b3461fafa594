package dev.twoliter.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides whether a {@link Peer} test can run. */
public final class PeerCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> absent = AnnotationSupport.findAnnotation(context.getElement(), Peer.class).stream()
                .flatMap(peer -> Arrays.stream(peer.value()))
                .filter(program -> !onPath(program))
                .toList();
        if (absent.isEmpty()) {
            return ConditionEvaluationResult.enabled("all peers are installed");
        }
        String message = "not installed: " + String.join(", ", absent);
        if ("required".equals(System.getProperty("twoliter.peers"))) {
            throw new IllegalStateException(message + ", but -Dtwoliter.peers=required");
        }
        return ConditionEvaluationResult.disabled(message);
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin" + File.pathSeparator
                + "/sbin";
        return Arrays.stream(path.split(File.pathSeparator)).anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }
}
