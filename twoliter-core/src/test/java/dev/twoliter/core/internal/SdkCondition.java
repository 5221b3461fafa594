package dev.twoliter.core.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests that need a container daemon and the stand-in SDK: {@code .ci/run} starts and makes them, and names the directory
 * of the SDK's registry in {@code TWOLITER_SDK_REGISTRY}.
 */
final class SdkCondition implements ExecutionCondition {

    private static Optional<Path> directory() {
        return Optional.ofNullable(System.getenv("TWOLITER_SDK_REGISTRY")).map(Path::of);
    }

    static String registry() {
        return directory().orElseThrow().toString();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return directory().filter(Files::isDirectory).isPresent()
                ? ConditionEvaluationResult.enabled("there is a stand-in SDK")
                : ConditionEvaluationResult.disabled("TWOLITER_SDK_REGISTRY names no stand-in SDK; see .ci/run");
    }
}
